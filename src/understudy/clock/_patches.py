"""What is replaced for a while: attributes, and the names that modules hold of them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._callers import RealTimeCallers

    Function = Callable[..., Any]

_ABSENT: Final = object()


class Patches:
    """Replaces attributes, and puts back the very objects that were there."""

    def __init__(self) -> None:
        self._replaced: list[tuple[Any, str, Any, Any]] = []

    def wrap(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        """Set `owner.name` to what `make` makes of it."""
        self.replace(owner, name, make(getattr(owner, name)))

    def replace(self, owner: Any, name: str, replacement: Any) -> None:
        """Set `owner.name`."""
        self._replaced.append((owner, name, vars(owner).get(name, _ABSENT), replacement))
        setattr(owner, name, replacement)

    def undo(self) -> None:
        """Put everything back, the last one first, save what somebody else has replaced since."""
        while self._replaced:
            owner, name, original, replacement = self._replaced.pop()
            if vars(owner).get(name) is not replacement:
                continue
            if original is _ABSENT:
                delattr(owner, name)
            else:
                setattr(owner, name, original)


class Captures:
    """Puts replacements into modules that imported the originals by name, and back.

    Looks at each module once: the next time it knows the places.
    """

    def __init__(self, pairs: list[tuple[Function, Function]], callers: RealTimeCallers) -> None:
        self._by_id = {id(one): pair for pair in pairs for one in pair}
        self._callers = callers
        self._seen: set[str] = set()
        self._places: list[tuple[dict[str, Any], str, Function, Function]] = []

    def replace(self) -> None:
        """Put the replacements in."""
        self._look()
        for namespace, name, original, replacement in self._places:
            if namespace.get(name) is original:
                namespace[name] = replacement

    def restore(self) -> None:
        """Put the originals back, also into modules that were imported meanwhile."""
        self._look()
        for namespace, name, original, replacement in self._places:
            if namespace.get(name) is replacement:
                namespace[name] = original

    def _look(self) -> None:
        by_id = self._by_id
        for module in sys.modules.keys() - self._seen:
            self._seen.add(module)
            if not self._callers.keeps_names(module):
                held = _namespace(sys.modules.get(module))
                named = [(name, id(value)) for name, value in list(held.items())]
                self._places += [(held, name, *by_id[it]) for name, it in named if it in by_id]


def _namespace(module: object) -> dict[str, Any]:
    """Return what a module holds, without waking those that load lazily."""
    try:
        namespace = object.__getattribute__(module, "__dict__")
    except AttributeError:
        return {}
    return namespace if isinstance(namespace, dict) else {}
