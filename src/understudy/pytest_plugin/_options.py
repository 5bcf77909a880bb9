"""Options, settings and environment variables, as pytest knows them. PYTEST_DONT_REWRITE."""

from __future__ import annotations

import argparse
import os
from copy import copy
from typing import TYPE_CHECKING, Any, Final

import pytest

from ..options import OPTIONS, Option

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_VARIABLES: Final = ("UNDERSTUDY_", "TELEMETRY_DB_ENABLED")

#: How near a name must be to one of ours to be refused: others may have names like ours.
_NEAR: Final = 0.75

#: pytest reads numbers from 8.4 on; before, and in ini files, they are text.
_NUMBER: Final[Any] = "float" if pytest.version_tuple >= (8, 4) else "string"
_TYPES: Final[dict[str, Any]] = {
    "switch": "bool",
    "usd": _NUMBER,
    "number": _NUMBER,
    "names": "linelist",
    "reports": "linelist",
}
_ACTIONS: Final[dict[str, dict[str, Any]]] = {
    "switch": {"action": argparse.BooleanOptionalAction},
    "mock": {"nargs": "?", "const": "yes"},
    "reports": {"action": "append"},
    "names": {"action": "append"},
}


def add_options(parser: pytest.Parser) -> None:
    """Add the options of the group and the settings of the same names."""
    group = parser.getgroup("llm", "LLM testing (understudy)")
    for option in OPTIONS:
        parser.addini(
            option.setting, option.help, type=_TYPES.get(option.kind, "string"), default=None
        )
        if option.is_flag:
            _add_flag(group, option)


def refuse_misspelt(config: pytest.Config) -> None:
    """Refuse a setting or a variable that is nearly one of ours: it would do nothing.

    Raises:
        pytest.UsageError: names it and the one that was probably meant.
    """
    configured = getattr(config, "_inicfg", None)  # pytest 9.2 deprecates the name without a dash
    overridden = config.getoption("override_ini") or ()  # where pytest 8 keeps them
    names = [
        *(config.inicfg if configured is None else configured),
        *(each.partition("=")[0] for each in overridden),
    ]
    if given := [name for name in names if name.startswith("llm_")]:
        settings = [option.setting for option in OPTIONS]
        for name in given:
            if name not in settings and _is_nobodys(config, name):
                _refuse(name, "llm_", settings, f" in {config.inipath}" if config.inipath else "")
    if given := [name for name in os.environ if name.startswith(_VARIABLES[0])]:
        variables = [name for option in OPTIONS for name in option.variables]
        for name in given:
            if name not in variables:
                _refuse(name, _VARIABLES[0], variables, " in the environment")


def _refuse(name: str, prefix: str, known: Iterable[str], where: str) -> None:
    from difflib import get_close_matches  # noqa: PLC0415 - rarely wanted

    ours = [each.removeprefix(prefix) for each in known]
    for near in get_close_matches(name.removeprefix(prefix), ours, n=1, cutoff=_NEAR):
        msg = f"unknown setting {name!r}{where}. Did you mean {prefix + near!r}?"
        raise pytest.UsageError(msg)


def _is_nobodys(config: pytest.Config, name: str) -> bool:
    """Tell whether no plugin has a setting of that name."""
    try:
        config.getini(name)
    except (ValueError, KeyError) as error:
        return "unknown" in str(error)
    except (TypeError, pytest.UsageError):
        return False
    return False


def is_anything_given(config: pytest.Config) -> bool:
    """Tell whether any place says anything about us; if none does, nothing more is loaded."""
    return (
        any(config.getoption(option.setting, default=None) is not None for option in OPTIONS)
        or any(name.startswith(_VARIABLES) for name in os.environ)
        or any(_is_set(config, option.setting) for option in OPTIONS)
    )


def keep_paths_apart(config: pytest.Config, parser: pytest.Parser, arguments: list[str]) -> None:
    """Keep `--llm-mock` from taking a path behind it for the name of a scenario."""
    if "--llm-mock" in arguments:
        arguments[:] = [_with_value(argument) for argument in arguments]
        config.known_args_namespace = parser.parse_known_args(
            arguments, namespace=copy(config.option)
        )


def settled_switches(arguments: Sequence[str]) -> list[str]:
    """Return what became of switches that contradict each other on the command line."""
    given = {argument.partition("=")[0] for argument in arguments}
    told = []
    for option in OPTIONS if any(each.startswith("--no-llm-") for each in given) else ():
        opposite = f"--no-llm-{option.words}"
        if {option.flag, opposite} <= given:
            told.append(f"{option.flag} and {opposite} were both given: the last one counts.")
    if {"--llm-block-network", "--llm-allow-live"} <= given:
        told.append("--llm-allow-live lifts --llm-block-network: both were given.")
    return told


def _with_value(argument: str) -> str:
    return f"{argument}=yes" if argument == "--llm-mock" else argument


def _add_flag(group: Any, option: Option) -> None:
    words = f"{option.help} [env: {', '.join(option.variables)}]"
    given = dict(_ACTIONS.get(option.kind, {}))
    if option.kind != "switch":
        given["metavar"] = option.metavar or "|".join(option.choices)
    group.addoption(option.flag, default=None, dest=option.setting, help=words, **given)
    if option.kind == "mock":
        group.addoption(
            f"--no-llm-{option.words}", action="store_const", const="no", dest=option.setting
        )


def _is_set(config: pytest.Config, name: str) -> bool:
    try:
        return config.getini(name) is not None
    except (ValueError, TypeError, pytest.UsageError):
        return True  # to something that will be refused
