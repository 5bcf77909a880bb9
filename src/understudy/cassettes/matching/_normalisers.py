"""Replaces what differs from run to run by its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

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

Normaliser = tuple[re.Pattern[str], str]


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
