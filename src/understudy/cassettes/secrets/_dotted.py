"""Functions of the user's, by their dotted names."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ...errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable


def import_function(name: str, place: str) -> Callable[[str], str]:
    """Return the function `package.module:function`; the working directory counts too.

    Raises:
        SettingsError: there is none; names the place in the settings.
    """
    module, _, function = name.partition(":")
    if not module or not function:
        msg = f"{place}: {name!r} names no function; write package.module:function."
        raise SettingsError(msg)
    try:
        found = getattr(_imported(module), function)
    except (ImportError, AttributeError) as error:
        msg = f"{place}: {name!r} cannot be imported: {error}."
        raise SettingsError(msg) from error
    if not callable(found):
        msg = f"{place}: {name!r} is no function but {found!r}."
        raise SettingsError(msg)
    return cast("Callable[[str], str]", found)


def _imported(module: str) -> object:
    """Import it, from the working directory where it is nowhere else, as `python -m` does."""
    try:
        return import_module(module)
    except ImportError:
        here = str(Path.cwd())
        if here in sys.path:
            raise
        sys.path.append(here)
        try:
            return import_module(module)
        finally:
            sys.path.remove(here)
