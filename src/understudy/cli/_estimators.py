"""Finds the user's estimator by its name."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..errors import EstimateError, SettingsError, UnknownNameError

if TYPE_CHECKING:
    from ..analytics import Estimator


_KIND: Final = "function"


def load_estimator(name: str) -> Estimator:
    """Import `package.module:function`, from the working directory too.

    Raises:
        SettingsError: `name` is not of that form, or the module has no such function.
        EstimateError: the module cannot be imported.
    """
    module_name, colon, function_name = name.partition(":")
    if not (colon and module_name and function_name):
        msg = f"--estimator: {name!r} names no function. Write package.module:function."
        raise SettingsError(msg)
    module = _imported(module_name)
    function = getattr(module, function_name, None)
    if function is None:
        known = [name for name, value in vars(module).items() if callable(value)]
        raise UnknownNameError(_KIND, function_name, known, where=module_name)
    if not callable(function):
        msg = f"--estimator: {name} is no function but {function!r}."
        raise SettingsError(msg)
    estimator: Estimator = function
    return estimator


def _imported(name: str) -> object:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)  # as `python -m` does; the console script does not
    try:
        return import_module(name)
    except Exception as error:
        msg = f"--estimator: {name} cannot be imported: {type(error).__name__}: {error}"
        raise EstimateError(msg) from error
