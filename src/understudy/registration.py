"""Finds the hooks by which plugins register kinds of things, and asks them."""

from __future__ import annotations

from inspect import getfullargspec, isfunction
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pluggy

from .errors import RegistrationError, UnderstudyError, UnknownNameError
from .hookspecs import PROJECT, OwnHooks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Kind = TypeVar("Kind")

#: What each of our hooks takes.
_HOOKS: Final = {
    name: getfullargspec(hook).args[1:] for name, hook in vars(OwnHooks).items() if name[0] != "_"
}
_MARK: Final = f"{PROJECT}_impl"


def hooks_of(plugins: Iterable[object]) -> pluggy.PluginManager:
    """Return the hooks of installed packages and of those of `plugins` that are modules.

    Raises:
        UnknownNameError: a marked function has a name that nobody asks for.
        RegistrationError: a function with the name of a hook is not marked.
    """
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(OwnHooks)
    manager.load_setuptools_entrypoints(PROJECT)
    for plugin in (*manager.get_plugins(), *plugins):
        is_new = isinstance(plugin, ModuleType) and _hooks_in(plugin)
        if is_new and not manager.is_registered(plugin):
            manager.register(plugin)
    return manager


def ask(manager: pluggy.PluginManager, hook: str, register: Callable[..., Any]) -> None:
    """Hand `register` to all that implement `hook`.

    Raises:
        RegistrationError: one of them failed.
    """
    try:
        getattr(manager.hook, hook)(register=register)
    except UnderstudyError:
        raise
    except Exception as error:
        msg = f"a {hook} hook failed: {type(error).__name__}: {error}"
        raise RegistrationError(msg) from error


def check(hook: str, needed: Iterable[str], kind: object) -> None:
    """See that what a hook registers has all the attributes `needed`.

    Raises:
        RegistrationError: names those that it has not.
    """
    missing = [name for name in needed if not hasattr(kind, name)]
    if missing:
        msg = f"{hook}: {kind!r} has no {', '.join(missing)}."
        raise RegistrationError(msg)


def _hooks_in(module: ModuleType) -> list[str]:
    functions = {name: value for name, value in vars(module).items() if isfunction(value)}
    marked = {name: _named(name, one) for name, one in functions.items() if hasattr(one, _MARK)}
    for hook in marked.values():
        if hook not in _HOOKS and not hook.startswith("pytest_"):
            kind = "hook"
            raise UnknownNameError(kind, hook, _HOOKS, where=_place(module))
    for name in _HOOKS.keys() & functions.keys() - marked.keys():
        # Others may have functions of these names, for what they register.
        if getfullargspec(functions[name]).args == _HOOKS[name]:
            msg = f"{_place(module)}: {name} is not marked: put @understudy.hookimpl above it."
            raise RegistrationError(msg)
    return [hook for hook in marked.values() if hook in _HOOKS]


def _named(name: str, function: Any) -> str:
    return getattr(function, _MARK)["specname"] or name


def _place(module: ModuleType) -> str:
    return module.__file__ or module.__name__
