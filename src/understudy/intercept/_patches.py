"""What is put over other libraries: wrappers of what is there or comes later, subclasses."""

from __future__ import annotations

import importlib
import sys
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib.abc import Loader, MetaPathFinder
from typing import TYPE_CHECKING, Any, Final, Self
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

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
        for patch in self._applied.values():  # asked for each test: no function for each patch
            if vars(patch.owner).get(patch.name) is not patch.wrapper:
                return False
        return True

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

    def __exit__(self, *_: object) -> None:
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


class ImportHook(MetaPathFinder):
    """Calls `actions[name](module)` whenever the module of that name has been executed.

    It imports nothing and finds nothing itself, and leaves the modules' specs and loaders
    as it met them.
    """

    def __init__(self, actions: Mapping[str, Callable[[ModuleType], None]]) -> None:
        self._actions = dict(actions)
        self._seen: dict[str, ModuleType | None] = {}

    def install(self) -> None:
        """Watch imports from now on, and call back for what is imported already.

        Installed again, it calls back again.
        """
        if self not in sys.meta_path:
            sys.meta_path.insert(0, self)
        for name, act in self._actions.items():
            if sys.modules.get(name) is not None:
                # Waits where another thread is in the middle of this import.
                with suppress(ImportError):
                    act(importlib.import_module(name))
            self._seen[name] = sys.modules.get(name)

    def is_current(self) -> bool:
        """Tell whether imports are watched, and it called back for all modules that are there."""
        for name, module in self._seen.items():  # as above
            if sys.modules.get(name) is not module:
                return False
        return self in sys.meta_path

    def remove(self) -> None:
        """Watch no longer."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec that the finders behind this one find, with its loader watched."""
        if fullname not in self._actions:
            return None
        spec = self._find_behind(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _WatchedLoader(spec, spec.loader, partial(self._act, fullname))
        return spec

    def _act(self, name: str, module: ModuleType) -> None:
        self._actions[name](module)
        self._seen[name] = module

    def _find_behind(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None
    ) -> ModuleSpec | None:
        finders = list(sys.meta_path)
        behind = finders[finders.index(self) + 1 :] if self in finders else []
        for finder in behind:
            find_spec = getattr(finder, "find_spec", None)  # finders of old have none
            spec: ModuleSpec | None = find_spec and find_spec(fullname, path, target)
            if spec is not None:
                return spec
        return None


class _WatchedLoader(Loader):
    """The loader it wraps, but it calls back after the module was executed."""

    def __init__(self, spec: ModuleSpec, loader: Loader, act: Callable[[ModuleType], None]) -> None:
        self._spec = spec
        self._loader = loader
        self._act = act

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._spec.loader = self._loader
        if getattr(module, "__loader__", None) is self:
            module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._act(module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)
