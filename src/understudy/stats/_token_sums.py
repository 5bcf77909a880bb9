"""Answers of a model in sums that add up: how many tokens, and how long they took."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

#: How many tokens an answer has; answers of very different length are not compared.
TOKEN_BUCKETS: Final = ("1-31", "32-127", "128-511", "512+")

_STARTS: Final = (32, 128, 512)


def token_bucket(tokens: int) -> int:
    """Return which of TOKEN_BUCKETS an answer belongs to."""
    return bisect_right(_STARTS, tokens)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSums:
    """Answers that generated tokens, summed up; `+` joins two of them, in any order.

    `logs` are of the milliseconds a token, of the `log_count` answers that took any; `least` and
    `most` of these are None where there is no answer. `prompt_…` are of answers that tell tokens
    and time of the prompt, `decode_…` of those that tell the time of generation alone.
    """

    count: int = 0
    tokens: int = 0
    ms: float = 0.0
    tokens_squared: int = 0
    tokens_ms: float = 0.0
    log_count: int = 0
    logs: float = 0.0
    logs_squared: float = 0.0
    least: float | None = None
    most: float | None = None
    prompt_tokens: int = 0
    prompt_ms: float = 0.0
    decode_tokens: int = 0
    decode_ms: float = 0.0

    @classmethod
    def of(
        cls,
        tokens: int,
        ms: float,
        *,
        prompt_tokens: int | None = None,
        prompt_ms: float | None = None,
        decode_ms: float | None = None,
    ) -> TokenSums:
        """Return the sums of one answer of at least one token, which took `ms` in all."""
        each = ms / tokens
        logarithm = log(each) if each > 0 else 0.0
        tells_prompt = prompt_tokens is not None and prompt_ms is not None
        return cls(
            count=1,
            tokens=tokens,
            ms=ms,
            tokens_squared=tokens * tokens,
            tokens_ms=tokens * ms,
            log_count=int(each > 0),
            logs=logarithm,
            logs_squared=logarithm * logarithm,
            least=each,
            most=each,
            prompt_tokens=prompt_tokens or 0 if tells_prompt else 0,
            prompt_ms=prompt_ms or 0.0 if tells_prompt else 0.0,
            decode_tokens=0 if decode_ms is None else tokens,
            decode_ms=decode_ms or 0.0,
        )

    def __add__(self, other: TokenSums) -> TokenSums:
        return TokenSums(
            count=self.count + other.count,
            tokens=self.tokens + other.tokens,
            ms=self.ms + other.ms,
            tokens_squared=self.tokens_squared + other.tokens_squared,
            tokens_ms=self.tokens_ms + other.tokens_ms,
            log_count=self.log_count + other.log_count,
            logs=self.logs + other.logs,
            logs_squared=self.logs_squared + other.logs_squared,
            least=extreme(min, self.least, other.least),
            most=extreme(max, self.most, other.most),
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            prompt_ms=self.prompt_ms + other.prompt_ms,
            decode_tokens=self.decode_tokens + other.decode_tokens,
            decode_ms=self.decode_ms + other.decode_ms,
        )


def extreme(
    pick: Callable[[float, float], float], one: float | None, other: float | None
) -> float | None:
    """Return what `pick` picks of two values; the known one where the other is None."""
    if one is None or other is None:
        return other if one is None else one
    return pick(one, other)
