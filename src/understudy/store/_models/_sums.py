"""Sums of model events that add up, in any order."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from ...stats import TOKEN_BUCKETS, token_bucket
from .._moments import histogram_of, pack_short, unpack_short

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOKEN_COLUMNS: Final = (
    "tokens", "tokens_squared", "ms", "tokens_ms", "prompt_tokens", "prompt_ms", "decode_tokens",
    "decode_ms",
)  # fmt: skip
SUM_COLUMNS: Final = (
    *("count", "failures", "total", "total_squares", "log_count", "logs", "logs_squared"),
    *_TOKEN_COLUMNS,
)
#: In the order of `ModelSums.row`.
ROLLUP_COLUMNS: Final = (*SUM_COLUMNS, "least", "most", "histogram")
#: The bucket of events whose tokens are unknown, or that have none.
NO_BUCKET: Final = -1
BUCKETS: Final = range(len(TOKEN_BUCKETS))

_MS: Final = 1000


class Measured(NamedTuple):
    """What is summed up of an event; None is unknown and adds nothing."""

    value: float
    tokens: int | None
    prompt_tokens: int | None
    prompt_ms: float | None
    decode_ms: float | None
    success: bool | None

    @property
    def bucket(self) -> int:
        """Which answers it is comparable with."""
        return NO_BUCKET if self.tokens is None else token_bucket(self.tokens)


@dataclass(slots=True)
class ModelSums:
    """Events of one series and bucket summed up, `sums` in the order of SUM_COLUMNS."""

    sums: list[Any] = field(default_factory=lambda: [0] * len(SUM_COLUMNS))
    least: float | None = None
    most: float | None = None
    histogram: int = 0

    @classmethod
    def of(cls, events: Sequence[Measured], *, event_type: str) -> Self:
        """Sum up events."""
        # Column by column: a loop over the events takes three times as long.
        done = [event for event in events if event.success is None or event.success]
        values = [event.value for event in done]
        if not values:
            return cls([0, len(events), *[0] * (len(SUM_COLUMNS) - 2)])
        plain = [event.value for event in done if event.tokens is None]
        sums = [
            len(done),
            len(events) - len(done),
            sum(plain),
            sum(value * value for value in plain),
            *_log_sums(values),
            *_token_sums([event for event in done if event.tokens is not None]),
        ]
        scale = _MS if event_type == "LOAD_LATENCY" else 1
        histogram = histogram_of([value * scale for value in values])
        return cls(sums, min(values), max(values), histogram)

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> Self:
        """Read the values of ROLLUP_COLUMNS."""
        *sums, least, most, packed = row
        return cls(sums, least, most, unpack_short(packed))

    def row(self) -> tuple[Any, ...]:
        """Return the values of ROLLUP_COLUMNS."""
        return (*self.sums, self.least, self.most, pack_short(self.histogram))

    def absorb(self, other: ModelSums) -> None:
        """Count all that `other` counted."""
        self.sums = [one + more for one, more in zip(self.sums, other.sums, strict=True)]
        self.least = min((x for x in (self.least, other.least) if x is not None), default=None)
        self.most = max((x for x in (self.most, other.most) if x is not None), default=None)
        self.histogram += other.histogram


def _log_sums(values: Sequence[float]) -> tuple[int, float, float]:
    logs = [math.log(value) for value in values if value > 0]
    return len(logs), sum(logs), sum(log * log for log in logs)


def _token_sums(events: Sequence[Measured]) -> tuple[float, ...]:
    """Return what answers add whose tokens are known, in the order of _TOKEN_COLUMNS."""
    tokens = [event.tokens or 0 for event in events]
    times = [event.value * (event.tokens or 0) for event in events]
    prompts = [each for each in events if None not in (each.prompt_tokens, each.prompt_ms)]
    decodes = [event for event in events if event.decode_ms is not None]
    return (
        sum(tokens),
        sum(count * count for count in tokens),
        sum(times),
        sum(count * ms for count, ms in zip(tokens, times, strict=True)),
        sum(event.prompt_tokens or 0 for event in prompts),
        sum(event.prompt_ms or 0.0 for event in prompts),
        sum(event.tokens or 0 for event in decodes),
        sum(event.decode_ms or 0.0 for event in decodes),
    )
