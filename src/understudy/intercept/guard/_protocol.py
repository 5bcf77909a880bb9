"""A patch: one place where something leaves this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from types import ModuleType

    from .._patches import Patches
    from ._gatekeeper import NetworkPolicy


class GuardPatch(Protocol):
    """How one module is made to ask the gatekeeper, once it is there."""

    @property
    def module(self) -> str:
        """Name of the module whose import makes the patch necessary."""

    def install(self, module: ModuleType, patches: Patches, policy: NetworkPolicy) -> None:
        """Wrap what leaves through `module`; what a version does not have is left out."""
