"""Finds the recording that is most like a request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from ._difference import differences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .._interaction import RecordedRequest
    from ._keys import KeyMaker

_WORD: Final = re.compile(r"\w+|[^\w\s]")
_LONGEST: Final = 6_000
_FINALISTS: Final = 4
#: A body that differs altogether is nearer than another endpoint's.
_WEIGHTS: Final = {"host": 1, "method": 1, "stream": 1, "path": 2, "uri": 2, "url": 2}


@dataclass(frozen=True, slots=True)
class Nearest:
    """The interaction most like a request: its place, and lines on what differs."""

    index: int
    differences: tuple[str, ...]


def nearest(
    request: RecordedRequest, stored: Sequence[RecordedRequest], keys: KeyMaker
) -> Nearest | None:
    """Return the stored request that is most like `request`; all are redacted."""
    if not stored:
        return None
    made = keys.parts(request)
    others = [keys.parts(each) for each in stored]
    weights = [_weight(made, other) for other in others]
    best = [place for place, weight in enumerate(weights) if weight == max(weights)]
    index = _most_alike(_words(made), {place: _words(others[place]) for place in best})
    return Nearest(index, tuple(differences(made, others[index])))


def _weight(made: Mapping[str, str], other: Mapping[str, str]) -> int:
    return sum(
        weight for name, weight in _WEIGHTS.items() if name in made and made[name] == other[name]
    )


def _words(parts: Mapping[str, str]) -> list[str]:
    """Return the words of all parts; of a long one, those of its two ends."""
    text = " ".join(parts.values())
    if len(text) > 2 * _LONGEST:
        text = f"{text[:_LONGEST]} {text[-_LONGEST:]}"
    return _WORD.findall(text)


def _most_alike(made: list[str], others: Mapping[int, list[str]]) -> int:
    """Compare bags of words first, and only the best of them in their order."""
    bag = set(made)
    overlap = {place: _overlap(bag, set(words)) for place, words in others.items()}
    finalists = sorted(others, key=lambda place: (-overlap[place], place))[:_FINALISTS]
    matcher: SequenceMatcher[str] = SequenceMatcher(autojunk=False)
    matcher.set_seq2(made)

    def likeness(place: int) -> tuple[float, int]:
        matcher.set_seq1(others[place])
        return matcher.ratio(), -place

    return max(finalists, key=likeness)


def _overlap(bag: set[str], other: set[str]) -> float:
    return len(bag & other) / (len(bag | other) or 1)
