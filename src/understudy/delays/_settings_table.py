"""The table `[tool.understudy.profiles]`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any, Final

from ..errors import SettingsError, UnknownNameError
from ._distributions import Empirical, Gamma, LogNormal, Normal, Uniform
from ._profile import Load, Profile
from ._profiles import RESERVED

if TYPE_CHECKING:
    from ._distributions import Distribution

_TABLE: Final = "tool.understudy.profiles"
_KIND: Final = "distribution"
_DISTRIBUTIONS: Final[Mapping[str, type[Distribution]]] = {
    "empirical": Empirical,
    "gamma": Gamma,
    "log_normal": LogNormal,
    "normal": Normal,
    "uniform": Uniform,
}
_DURATIONS: Final = ("think_ms", "per_line_ms")


def read_profiles(table: object, *, where: str) -> dict[str, Profile]:
    """Read the user's profiles, by name; `where` names the file.

    Raises:
        SettingsError: an entry is no profile; names file, profile and key.
    """
    tables = _table(table, f"{where}: [{_TABLE}]", example="[tool.understudy.profiles.name]")
    return {name: _read_profile(name, entry, where) for name, entry in tables.items()}


def kind_of(distribution: Distribution) -> str:
    """Return the word by which the table names the kind of a built-in distribution."""
    return next(word for word, kind in _DISTRIBUTIONS.items() if isinstance(distribution, kind))


def _read_profile(name: str, entry: object, where: str) -> Profile:
    place = f"{where}: [{_TABLE}] {name!r}"
    if name in RESERVED or not name:
        msg = f"{place}: the name is taken; choose another one."
        raise SettingsError(msg)
    keys = dict(_table(entry, place, example="{think_ms = 400, per_line_ms = 20}"))
    for key in _DURATIONS:
        if isinstance(keys.get(key), Mapping):
            keys[key] = _read_distribution(keys[key], f"{place} {key}")
    if "load" in keys:
        load = _table(keys["load"], f"{place} load", example="{per_call = 0.1}")
        keys["load"] = _make(Load, load, f"{place} load")
    profile: Profile = _make(Profile, keys, place)
    return profile


def _read_distribution(table: Mapping[str, Any], place: str) -> Any:
    if _KIND not in table:
        kinds = ", ".join(_DISTRIBUTIONS)
        msg = f"{place}: {_KIND!r} is missing; give a number, or one of {kinds}."
        raise SettingsError(msg)
    kind = str(table[_KIND])
    if kind not in _DISTRIBUTIONS:
        raise UnknownNameError(_KIND, kind, _DISTRIBUTIONS, where=place)
    parameters = {key: value for key, value in table.items() if key != _KIND}
    return _make(_DISTRIBUTIONS[kind], parameters, place)


def _make(kind: Any, keys: Mapping[str, Any], place: str) -> Any:
    """Make a `kind` of its keys; its own constructor judges their values."""
    known = {each.name: each.default is MISSING for each in fields(kind)}
    UnknownNameError.check("key", keys, known, where=place)
    for key, required in known.items():
        if required and key not in keys:
            msg = f"{place}: {key!r} is missing. Keys: {', '.join(known)}."
            raise SettingsError(msg)
    try:
        return kind(**keys)
    except ValueError as error:
        msg = f"{place}: {error}."
        raise SettingsError(msg) from None


def _table(value: object, place: str, *, example: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        msg = f"{place} is {value!r}; write a table, as in {example}."
        raise SettingsError(msg)
    return value
