r"""Reads through escapes that nothing asks for: `\u0073k-…`, `sk%2Dproj`, `a\/b`, `&#115;k`."""

from __future__ import annotations

import re
from bisect import bisect_left
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Final, NamedTuple

from ...redaction import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Each begins with a letter that is looked up in no time.
_SIGNS: Final = tuple(
    map(re.compile, (r"\\u00[2-7][0-9A-Fa-f]", r"\\/", "%[2-7][0-9A-Fa-f]", r"&#[\dx]"))
)
#: What keys are made of, and how it may be written.
_OF_KEYS: Final = frozenset(f"{ascii_letters}{digits}-._~+/=:?&#|@!$*")
_ESCAPE: Final = re.compile(
    r"\\+u00(?P<u>[2-7][0-9A-Fa-f])|%(?P<p>[2-7][0-9A-Fa-f])|&#x(?P<x>[2-7][0-9A-Fa-f]);"
    r"|&#(?P<d>\d{2,3});|\\+(?P<s>/)"
)


class Unescaped(NamedTuple):
    """A text without such escapes: `places` are where they stood in it, `shifts` what went."""

    text: str
    places: list[int]
    shifts: list[int]

    def original(self, spans: Iterable[Span]) -> Iterator[Span]:
        """Yield spans of this text as those of the one that has the escapes."""
        for start, end, kind in spans:
            yield Span(self._original(start), self._original(end), kind)

    def _original(self, at: int) -> int:
        return at + self.shifts[bisect_left(self.places, at)]


def unescaped(text: str) -> Unescaped | None:
    """Return a text without such escapes; None where it has none."""
    if not any(sign.search(text) for sign in _SIGNS):
        return None
    pieces: list[str] = []
    places: list[int] = []
    shifts, end = [0], 0
    for match in _ESCAPE.finditer(text):
        letter = _letter(match)
        if letter in _OF_KEYS:
            pieces += [text[end : match.start()], letter]
            places.append(match.start() - shifts[-1])
            shifts.append(shifts[-1] + len(match[0]) - 1)
            end = match.end()
    if not places:
        return None
    return Unescaped("".join((*pieces, text[end:])), places, shifts)


def _letter(match: re.Match[str]) -> str:
    if match["s"]:
        return "/"
    number = int(match["d"]) if match["d"] else int(match["u"] or match["p"] or match["x"], 16)
    return chr(number)
