"""Retries of stamina are repair attempts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from . import _telling

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..telemetry import TrackerHost

_HOLDS: Final = _telling.Holds()


def install(*, only: Callable[[str], bool] | None = None) -> Callable[[], None]:
    """Let every retry be an `llm_repair_attempt`; return what undoes it.

    Hooks that are set already stay. `only` takes the name of what is retried and tells whether it
    asks a model, in programs that retry other things too.

    Raises:
        IntegrationError: stamina is not installed.
    """
    hooks = _telling.required("stamina.instrumentation", package="stamina")
    ours = _Hook(only)

    def add() -> None:
        if ours not in (there := hooks.get_on_retry_hooks()):
            hooks.set_on_retry_hooks((*there, ours))

    def remove() -> None:
        there = hooks.get_on_retry_hooks()
        hooks.set_on_retry_hooks(tuple(hook for hook in there if hook != ours))

    return _HOLDS.hold(ours, add=add, remove=remove)


@dataclass(frozen=True)
class _Hook:
    only: Callable[[str], bool] | None

    def __call__(self, details: Any) -> None:
        _telling.hear("stamina", self._tell, details)

    def _tell(self, telemetry: TrackerHost, details: Any) -> None:
        if self.only is None or self.only(details.name):
            _telling.tell_repair(telemetry, number=details.retry_num, error=details.caused_by)
