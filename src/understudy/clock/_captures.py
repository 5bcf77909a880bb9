"""Names that modules hold of functions that are replaced (`from time import sleep`)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._callers import RealTimeCallers

    Function = Callable[..., Any]


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
        for module in sys.modules.keys() - self._seen:
            self._seen.add(module)
            if not self._callers.keeps_names(module):
                self._look_into(_namespace(sys.modules.get(module)))

    def _look_into(self, namespace: dict[str, Any]) -> None:
        by_id = self._by_id
        for name, value in list(namespace.items()):
            if id(value) in by_id:
                self._places.append((namespace, name, *by_id[id(value)]))


def _namespace(module: object) -> dict[str, Any]:
    """Return what a module holds, without waking those that load lazily."""
    try:
        namespace = object.__getattribute__(module, "__dict__")
    except AttributeError:
        return {}
    return namespace if isinstance(namespace, dict) else {}
