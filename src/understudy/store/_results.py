"""What the store answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ..events import TelemetryEvent, TokenEstimate
    from ._records import Phase


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that the database refused, and why."""

    record: TelemetryEvent | TokenEstimate | Phase
    reason: str


@dataclass(frozen=True, slots=True)
class WriteReport:
    """How many records were written, and which were refused.

    Events and estimates that stood there already are neither.
    """

    written: int = 0
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Latency:
    """How long successful attempts took, in milliseconds.

    `p50_ms` and `p95_ms` come from a histogram with eight buckets an octave: they are
    off by at most 4.5 %.
    """

    count: int
    mean_ms: float
    deviation_ms: float
    min_ms: float
    max_ms: float
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStatistics:
    """The attempts on one model in a window of time, by origin and clock.

    `calls` counts first attempts, `with_usage` and `priced` the attempts whose tokens and
    cost are known. Sums are None where nothing is known. `ms_per_output_token` is weighted
    by tokens: all the time over all the tokens of the successful attempts that tell both.
    """

    provider: str | None
    model: str | None
    origin: str | None
    clock: str
    calls: int
    attempts: int
    errors: int
    cancelled: int
    with_usage: int
    priced: int
    input_tokens: int | None
    output_tokens: int | None
    cache_read_tokens: int | None
    cache_write_tokens: int | None
    reasoning_tokens: int | None
    cost_nanousd: int | None
    ms_per_output_token: float | None
    ttfc: Latency | None
    duration: Latency | None


@dataclass(frozen=True, slots=True)
class Footprint:
    """How large the store is: bytes on disk, rows by table, time of the oldest event."""

    size_bytes: int
    rows: Mapping[str, int]
    oldest: datetime | None
