"""What a comparison passes over: ignorable keys of a body, and what differs from run to run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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
    fields = ((key, item, _below(patterns, key)) for key, item in value.items())
    return {key: _pruned(item, below) for key, item, below in fields if [] not in below}


def _below(patterns: list[list[str]], key: str | None) -> list[list[str]]:
    """Return what is left of the patterns under a key; None is an item of a list."""
    below: list[list[str]] = []
    for pattern in patterns:
        head, rest = pattern[0], pattern[1:]
        if head == "**":
            below.append(pattern)
            below += _below([rest], key) if rest else [[]]
        elif head in {"*", key}:
            below.append(rest)
    return below


def normaliser(names: Sequence[str], patterns: Mapping[str, str]) -> Callable[[str], str] | None:
    """Return what applies all in turn, the user's first; None where there are none.

    Raises:
        KeyError: no normaliser has one of the names.
        re.error: a pattern cannot be read.
    """
    found = [
        (re.compile(pattern), f"<{name}>")
        for name, pattern in (*patterns.items(), *((name, NORMALISERS[name]) for name in names))
    ]

    def normalised(text: str) -> str:
        for pattern, name in found:
            # A function, so that a name with a backslash stays itself.
            text = pattern.sub(lambda _, name=name: name, text)  # type: ignore[misc]
        return text

    return normalised if found else None
