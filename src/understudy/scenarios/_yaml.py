"""YAML with the types of JSON, and the line where each value stands.

Built from the parser's events, which makes objects of nobody's and cannot be nested so deep
that the C library overflows the stack. `12:30`, `007`, `no` and dates are text, as in YAML 1.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Location: TypeAlias = tuple[str | int, ...]

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST: Final = 50
_TOO_DEEP: Final = "the value is nested too deep"
_WORDS: Final = {"": None, "~": None, "null": None, "true": True, "false": False}
_INTEGER: Final = re.compile(r"[-+]?(0|[1-9]\d*)", re.ASCII)
_FLOAT: Final = re.compile(
    r"[-+]?(0|[1-9]\d*)?\.\d+([eE][-+]?\d+)? | [-+]?(0|[1-9]\d*)[eE][-+]?\d+",
    re.ASCII | re.VERBOSE,
)


class YamlError(Exception):
    """The text is not what a scenario may be; `line` counts from 1."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Document:
    """The data of a document, and the line of each location in it."""

    data: Any
    lines: Mapping[Location, int]

    def line(self, location: Location) -> int:
        """Return the line of a location, or of the nearest one around it."""
        while location not in self.lines:
            location = location[:-1]
        return self.lines[location]


def load_document(text: str) -> Document:
    """Read one document.

    Raises:
        YamlError: the text is no YAML, holds no document or several, or uses what only
            YAML knows: aliases, tags, keys that are no text.
    """
    try:
        return _Builder(yaml.parse(text, Loader=_LOADER)).document()
    except yaml.YAMLError as error:
        raise YamlError(_message(error), _line(error, text)) from None


class _Builder:
    """Builds the data of a document from the parser's events."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._lines: dict[Location, int] = {}

    def document(self) -> Document:
        next(self._events)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            msg = "the file is empty"
            raise YamlError(msg, None)
        data = self._value(next(self._events), ())
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            msg = "a second document begins; write one scenario a file"
            raise _refusal(msg, after)
        return Document(data, self._lines)

    def _value(self, event: Any, location: Location) -> Any:
        if isinstance(event, yaml.AliasEvent):
            msg = f"*{event.anchor} is an alias; write the value out"
            raise _refusal(msg, event)
        if event.tag is not None:
            msg = f"the tag {event.tag} is not known here; leave it out"
            raise _refusal(msg, event)
        if len(location) > _DEEPEST:
            raise _refusal(_TOO_DEEP, event)
        self._lines.setdefault(location, event.start_mark.line + 1)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        is_list = isinstance(event, yaml.SequenceStartEvent)
        return self._sequence(location) if is_list else self._mapping(location)

    def _sequence(self, location: Location) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*location, len(items))))
        return items

    def _mapping(self, location: Location) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event, entries)
            place = (*location, key)
            self._lines[place] = event.start_mark.line + 1
            entries[key] = self._value(next(self._events), place)
        return entries

    def _key(self, event: Any, entries: dict[str, Any]) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            msg = "a key is no text"
            raise _refusal(msg, event)
        key = str(event.value)
        if key in entries:
            msg = f"the key {key!r} stands here twice"
            raise _refusal(msg, event)
        return key


def _scalar(event: Any) -> Any:
    text = event.value
    if not event.implicit[0]:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    kind = int if _INTEGER.fullmatch(text) else float if _FLOAT.fullmatch(text) else str
    try:
        value = kind(text)
        return value if isinstance(value, str) or isfinite(value) else text
    except (ValueError, OverflowError):  # a number that is too large stays text
        return text


def _refusal(message: str, event: Any) -> YamlError:
    return YamlError(message, event.start_mark.line + 1)


def _message(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
    if "nesting depth" in problem:  # libyaml has a limit of its own since 0.2.6
        return _TOO_DEEP
    context = getattr(error, "context", None)
    return f"{context}: {problem}" if context else problem


def _line(error: yaml.YAMLError, text: str) -> int | None:
    if isinstance(error, yaml.reader.ReaderError):
        return text.encode().count(b"\n", 0, error.position) + 1
    mark = getattr(error, "problem_mark", None)
    return None if mark is None else mark.line + 1
