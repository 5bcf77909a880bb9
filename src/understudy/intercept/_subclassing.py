"""Objects of other libraries that get a subclass of their own class, in place."""

from __future__ import annotations

from typing import Any


class Subclassing:
    """Overrides methods of single objects by the methods of a class, `overrides`.

    The object stays the same object and an instance of the class it has, and keeps that
    class's name. The overrides reach the methods they hide through `self.understudy_own`,
    the class that the object had. They add no attributes: an object may have slots only.
    """

    def __init__(self, overrides: type[Any]) -> None:
        self._overrides = {
            name: value for name, value in vars(overrides).items() if not name.startswith("__")
        }
        self._made: dict[type[Any], type[Any]] = {}

    def apply(self, subject: Any) -> None:
        """Give `subject` the overrides, once."""
        own = type(subject)
        made = self._made.get(own)
        if made is None:
            made = self._made[own] = self._make(own)
        subject.__class__ = made

    def _make(self, own: type[Any]) -> type[Any]:
        names = {name: getattr(own, name) for name in ("__module__", "__qualname__", "__doc__")}
        more = {"__slots__": (), "understudy_own": own}
        return type(own.__name__, (own,), {**self._overrides, **names, **more})
