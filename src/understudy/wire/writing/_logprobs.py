"""How likely the tokens of an answer were: invented, plausible, the same for the same text."""

from __future__ import annotations

import re
from math import log
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zlib import crc32

from ._encode import encoded

if TYPE_CHECKING:
    from collections.abc import Iterable

_TOKEN: Final = re.compile(r"\s?\w{1,11}|\s?[^\w\s]{1,2}|\s+")
#: What might have come instead.
_RIVALS: Final = (
    " the", " a", " and", " of", " to", " in", " is", ",", ".", " that", " it", " for", "\n",
    " on", " as", " with", " was", " be", " at", " by", " or", " an", " not", " are",
)  # fmt: skip
_MOST: Final = 20
_DIGITS: Final = 6


class Likely(NamedTuple):
    """A token, the natural logarithm of its probability, and the tokens that were less likely."""

    token: str
    logprob: float
    rivals: tuple[tuple[str, float], ...]

    @property
    def best(self) -> tuple[tuple[str, float], ...]:
        """The token and its rivals, the most likely first."""
        return ((self.token, self.logprob), *self.rivals)

    @property
    def number(self) -> int:
        """A number that stands for the token."""
        return number_of(self.token)


def number_of(token: str) -> int:
    """Return the number that stands for a token in a vocabulary."""
    return crc32(encoded(token)) % 100_000


def likely(chunks: Iterable[str], best: Any = 0) -> list[Likely]:
    """Return the tokens of a text, each with its rivals: with itself there are `best`, 20 at most.

    A token is at least as likely as not, and all probabilities of a place are less than 1.
    """
    rivals = min(best, _MOST) - 1 if type(best) is int else 0
    found = (token for chunk in chunks for token in _TOKEN.findall(chunk))
    return [_likely(token, max(rivals, 0)) for token in found]


def _likely(token: str, rivals: int) -> Likely:
    drawn = crc32(encoded(token)) / 2**32
    probability = 0.5 + 0.4999 * drawn
    others = (one for one in _from(int(drawn * len(_RIVALS))) if one != token)
    left = 0.9 * (1 - probability)
    told = zip(range(1, rivals + 1), others, strict=False)
    return Likely(token, _log(probability), tuple((one, _log(left / 2**at)) for at, one in told))


def _from(start: int) -> Iterable[str]:
    return (*_RIVALS[start:], *_RIVALS[:start])


def _log(probability: float) -> float:
    return round(log(probability), _DIGITS)


def openai_logprobs(chunks: Iterable[str], best: Any) -> list[dict[str, Any]]:
    """Return them in the words that OpenAI's APIs and Ollama's share."""
    most = min(best, _MOST) if type(best) is int else 0
    return [
        {
            **_told(one.token, one.logprob),
            "top_logprobs": [_told(*each) for each in one.best[:most]],
        }
        for one in likely(chunks, best)
    ]


def _told(token: str, logprob: float) -> dict[str, Any]:
    return {"token": token, "logprob": logprob, "bytes": list(encoded(token))}
