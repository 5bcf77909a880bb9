"""What a comparison passes over: ignorable keys of a body, and what differs from run to run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_ANY: Final = "*"
_ANY_DEPTH: Final = "**"

_MONTH: Final = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY: Final = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,?\s+)?"
_CLOCK: Final = r"(?:(?:,?\s+(?:at\s+)?|T)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[AaPp][Mm])?)?"
_ZONE: Final = r"(?:\s?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})(?![\w:]))?"

#: Name: what it finds in the canonical text of a request.
NORMALISERS: Final[Mapping[str, str]] = {
    "dates": (
        rf"{_DAY}(?<![\w.-])(?:\d{{4}}[-/]\d{{2}}[-/]\d{{2}}|\d{{1,2}}/\d{{1,2}}/\d{{4}}"
        rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
        rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+\d{{4}}){_CLOCK}{_ZONE}(?!\d)"
    ),
    "uuids": (
        r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{8}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?"
        r"[0-9A-Fa-f]{12}(?![0-9A-Fa-f])"
    ),
    "ids": (
        r"\b(?:asst|batch|call|chatcmpl|fc|file|gen|item|msg|req|resp|rs|run|srvtoolu|thread"
        r"|toolu|vs)[_-][A-Za-z0-9_-]{8,}"
    ),
}

Normaliser = tuple[re.Pattern[str], str]


def pruner(paths: Sequence[str]) -> Callable[[Any], Any] | None:
    """Return what removes the values at `paths`, dotted; None where there are none.

    `*` stands for any one key or item, `**` for any number of them: `user`,
    `metadata.trace_id`, `messages.*.id`, `**.cache_control`.
    """
    if not paths:
        return None
    patterns = [path.split(".") for path in paths]
    return lambda value: _pruned(value, patterns)


def _pruned(value: Any, patterns: list[list[str]]) -> Any:
    if not patterns or not isinstance(value, dict | list):
        return value
    if isinstance(value, list):
        items = ((item, _below(patterns, None)) for item in value)
        return [_pruned(item, below) for item, below in items if [] not in below]
    kept: dict[str, Any] = {}
    for key, item in value.items():
        below = _below(patterns, key)
        if [] not in below:
            kept[key] = _pruned(item, below)
    return kept


def _below(patterns: list[list[str]], key: str | None) -> list[list[str]]:
    """Return what is left of the patterns under a key; None is an item of a list."""
    below: list[list[str]] = []
    for pattern in patterns:
        head, rest = pattern[0], pattern[1:]
        if head == _ANY_DEPTH:
            below.append(pattern)
            below += _below([rest], key) if rest else [[]]
        elif head in {_ANY, key}:
            below.append(rest)
    return below


def normalisers(names: Sequence[str], patterns: Mapping[str, str]) -> tuple[Normaliser, ...]:
    """Return the expressions and what to write in their place; the user's come first.

    Raises:
        KeyError: no normaliser has one of the names.
        re.error: a pattern cannot be read.
    """
    own = [(pattern, f"<{name}>") for name, pattern in patterns.items()]
    known = [(NORMALISERS[name], f"<{name}>") for name in names]
    return tuple((re.compile(pattern), name) for pattern, name in (*own, *known))


def normaliser(found: Sequence[Normaliser]) -> Callable[[str], str]:
    """Return what applies them all in turn."""

    def normalised(text: str) -> str:
        for pattern, name in found:
            # A function, so that a name with a backslash stays itself.
            text = pattern.sub(lambda _, name=name: name, text)  # type: ignore[misc]
        return text

    return normalised
