"""What is put over other libraries: wrappers of their attributes, subclasses of their objects."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

_INHERITED: Final = object()


@dataclass(frozen=True, slots=True)
class _Patch:
    owner: Any
    name: str
    original: Any
    wrapper: Any

    def is_in_place(self) -> bool:
        return vars(self.owner).get(self.name) is self.wrapper

    def undo(self) -> None:
        # Somebody who patched over the wrapper keeps his patch; the wrapper under it is inert.
        if not self.is_in_place():
            return
        if self.original is _INHERITED:
            delattr(self.owner, self.name)
        else:
            setattr(self.owner, self.name, self.original)


class Patches:
    """Wraps attributes of classes and modules until all of it is undone."""

    def __init__(self) -> None:
        self._applied: dict[tuple[int, str], _Patch] = {}
        self._wrappers: WeakSet[Any] = WeakSet()

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
        if original in self._wrappers:
            return
        wrapper = make(getattr(owner, name) if original is _INHERITED else original)
        self._applied.pop((id(owner), name), None)
        self._applied[id(owner), name] = _Patch(owner, name, original, wrapper)
        self._wrappers.add(wrapper)
        setattr(owner, name, wrapper)

    def are_in_place(self) -> bool:
        """Tell whether nobody took a wrapper away or covered it."""
        return all(patch.is_in_place() for patch in self._applied.values())

    def undo(self) -> None:
        """Put the originals back, the last wrapped first."""
        while self._applied:
            self._applied.popitem()[1].undo()


class Installable(ABC):
    """What is put over other libraries for a while: a context manager too."""

    @abstractmethod
    def install(self) -> None:
        """Put it there."""

    @abstractmethod
    def uninstall(self) -> None:
        """Take it away."""

    def __enter__(self) -> Self:
        self.install()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.uninstall()


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
