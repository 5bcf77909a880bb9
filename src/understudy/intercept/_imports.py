"""Acts on modules when they are there: at once if imported already, else on their import."""

from __future__ import annotations

import importlib
import sys
from contextlib import suppress
from functools import partial
from importlib.abc import Loader, MetaPathFinder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


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
        seen, modules = self._seen, sys.modules
        return self in sys.meta_path and all(seen[name] is modules.get(name) for name in seen)

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
