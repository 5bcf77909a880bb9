"""Attributes of other libraries, replaced by wrappers and put back together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_INHERITED: Final = object()


@dataclass(frozen=True, slots=True)
class _Patch:
    owner: Any
    name: str
    original: Any
    wrapper: Any

    def undo(self) -> None:
        # Somebody who patched over the wrapper keeps his patch; the wrapper under it is inert.
        if vars(self.owner).get(self.name) is not self.wrapper:
            return
        if self.original is _INHERITED:
            delattr(self.owner, self.name)
        else:
            setattr(self.owner, self.name, self.original)


class Patches:
    """Wraps attributes of classes and modules until all of it is undone."""

    def __init__(self) -> None:
        self._applied: list[_Patch] = []

    def wrap(
        self, owner: Any, name: str, make: Callable[[Any], Any], *, inherited: bool = False
    ) -> None:
        """Replace the attribute `name` of `owner` by `make(attribute)`, unless it is wrapped.

        Raises AttributeError where `owner` itself has no such attribute; where `inherited`,
        it may be a base class that has it.
        """
        original = vars(owner).get(name, _INHERITED)
        if original is _INHERITED and not (inherited and hasattr(owner, name)):
            message = f"{owner!r} has no attribute {name!r}: its version is not supported."
            raise AttributeError(message)
        if any(original is patch.wrapper for patch in self._applied):
            return
        wrapper = make(getattr(owner, name) if original is _INHERITED else original)
        self._applied.append(_Patch(owner, name, original, wrapper))
        setattr(owner, name, wrapper)

    def undo(self) -> None:
        """Put the originals back, the last wrapped first."""
        while self._applied:
            self._applied.pop().undo()
