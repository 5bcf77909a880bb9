"""When a cassette records, what is compared, what is passed over, and how old is too old."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from ..errors import SettingsError, UnknownNameError
from .matching import DEFAULT_IGNORE_QUERY, DEFAULT_MATCH_ON, MATCHER, KeyMaker, Matcher, Matching

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_KIND: Final = "record mode"
_WORD: Final = "word"
_AGE: Final = re.compile(r"(\d+)\s*([hdw]?)")
_UNITS: Final = {"h": "hours", "d": "days", "w": "weeks", "": "days"}


class RecordMode(StrEnum):
    """`none` never, `once` while the file is new, `new_episodes` what is missing, `all` anew."""

    NONE = "none"
    ONCE = "once"
    NEW_EPISODES = "new_episodes"
    ALL = "all"

    @classmethod
    def named(cls, name: str, *, where: str = "") -> RecordMode:
        """Return the mode of that name.

        Raises:
            UnknownNameError: there is none.
        """
        try:
            return cls(name)
        except ValueError:
            known = [mode.value for mode in cls]
            raise UnknownNameError(_KIND, str(name), known, where=where) from None


class OnExpiry(StrEnum):
    """What follows where an interaction is older than `max_age`."""

    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class CassetteSettings:
    """The table, read. `redaction` is the table of that name as it stands, read elsewhere."""

    match_on: tuple[str, ...] = DEFAULT_MATCH_ON
    ignore_body: tuple[str, ...] = ()
    ignore_query: tuple[str, ...] = DEFAULT_IGNORE_QUERY
    normalise: tuple[str, ...] = ()
    patterns: Mapping[str, str] = field(default_factory=dict)
    allow_playback_repeats: bool = False
    max_age: timedelta | None = None
    on_expiry: OnExpiry = OnExpiry.WARN
    redaction: Mapping[str, Any] = field(default_factory=dict)

    def matching(self, matchers: Mapping[str, Matcher] | None = None) -> Matching:
        """Return the matching that the table asks for; `matchers` are the user's own."""
        return Matching(
            match_on=self.match_on,
            ignore_body=self.ignore_body,
            ignore_query=self.ignore_query,
            normalise=self.normalise,
            patterns=self.patterns,
            matchers=matchers or {},
            allow_playback_repeats=self.allow_playback_repeats,
        )


def read_cassette_settings(
    table: Mapping[str, Any], *, where: str, matchers: Mapping[str, Matcher] | None = None
) -> CassetteSettings:
    """Read the table that stands at `where`; `matchers` are the user's own, by name.

    Raises:
        SettingsError: a key or a name is unknown, or a value is none of its kind.
    """
    place = f"{where}, [tool.understudy.cassettes]"
    values: dict[str, Any] = {}
    UnknownNameError.check("key", table, _READERS, where=place)
    for key, value in table.items():
        values[key] = _READERS[key](value, f"{place}, {key}")
    settings = CassetteSettings(**values)
    try:
        KeyMaker(settings.matching(matchers))
    except UnknownNameError as error:
        where = f"{place}, {'match_on' if error.kind == MATCHER else 'normalise'}"
        raise UnknownNameError(error.kind, error.name, error.known, where=where) from None
    except SettingsError as error:
        msg = f"{place}, {error}"
        raise SettingsError(msg) from None
    return settings


def _age(value: Any, where: str) -> timedelta:
    """Read an age: a number of days, or a text like `12h`, `30d`, `8w`."""
    match = _AGE.fullmatch(str(value).strip().lower())
    if match is None or isinstance(value, bool):
        msg = f"{where}: {value!r} is no age. Write days, like 30, or 12h, 30d, 8w."
        raise SettingsError(msg)
    try:
        return timedelta(**{_UNITS[match[2]]: int(match[1])})
    except (OverflowError, ValueError):
        msg = f"{where}: no age may be more than {timedelta.max.days} days."
        raise SettingsError(msg) from None


def _names(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        msg = f'{where}: {value!r} is no list of texts. Write ["one", "two"].'
        raise SettingsError(msg)
    return tuple(value)


def _patterns(value: Any, where: str) -> dict[str, str]:
    table = _table(value, where)
    if not all(isinstance(each, str) for each in table.values()):
        msg = f"{where}: each value is a regular expression. Write name = 'expression'."
        raise SettingsError(msg)
    return table


def _table(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        msg = f"{where}: {value!r} is no table. Write its keys below a heading of that name."
        raise SettingsError(msg)
    return value


def _switch(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        msg = f"{where}: {value!r} is neither true nor false."
        raise SettingsError(msg)
    return value


def _on_expiry(value: Any, where: str) -> OnExpiry:
    try:
        return OnExpiry(value)
    except ValueError:
        known = [each.value for each in OnExpiry]
        raise UnknownNameError(_WORD, str(value), known, where=where) from None


_READERS: Final[dict[str, Callable[[Any, str], Any]]] = {
    "allow_playback_repeats": _switch,
    "ignore_body": _names,
    "ignore_query": lambda value, where: (*DEFAULT_IGNORE_QUERY, *_names(value, where)),
    "match_on": _names,
    "max_age": _age,
    "normalise": _names,
    "on_expiry": _on_expiry,
    "patterns": _patterns,
    "redaction": _table,
}
