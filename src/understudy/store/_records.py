"""What the store takes and gives, beside events and estimates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ..events import TelemetryEvent, TokenEstimate
    from ..events.lifecycle import LifecycleEvent
    from ..events.model import ModelEvent

AnyRecord: TypeAlias = "TelemetryEvent | LifecycleEvent | ModelEvent | TokenEstimate | Phase"
Count = Annotated[int, Field(ge=0)]
Milliseconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Outcome = Literal["passed", "failed", "skipped", "xfailed", "xpassed", "error", "rerun"]
RunKind = Literal["pytest", "logger", "gateway"]
CassetteVerdict = Literal["hit", "partial", "miss", "recorded", "live"]


class Run(BaseModel):
    """One run; what is not known (a killed run never finished) is None.

    `kind` says what made it: pytest, a program that logs, or a gateway.

    `options` is the command line as pytest got it, `git_dirty` whether tracked files
    differed from `git_commit`, `worker_count` how many processes ran tests.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    run_id: str = Field(min_length=1)
    kind: RunKind = "pytest"
    started: AwareDatetime
    finished: AwareDatetime | None = None
    exit_status: int | None = None
    python_version: str | None = None
    pytest_version: str | None = None
    understudy_version: str | None = None
    event_version: int | None = None
    platform: str | None = None
    git_commit: str | None = None
    git_dirty: bool | None = None
    options: list[str] | None = None
    worker_count: Count | None = None


class Phase(BaseModel):
    """One test, or one fixture of wider scope, on one worker of a run.

    `phase_id` is a node id or `fixture:<name>`; `rerun` counts its reruns from 0.
    An `outcome` of None means that the process died in it. `cassette_verdict` says how the
    calls of a test that has a cassette were answered; None where it made none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    run_id: str = Field(min_length=1)
    phase_id: str = Field(min_length=1)
    worker: str = "main"
    rerun: Count = 0
    module: str | None = None
    outcome: Outcome | None = None
    started: AwareDatetime | None = None
    duration_ms: Milliseconds | None = None
    cassette_verdict: CassetteVerdict | None = None

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What tells this phase from all others."""
        return (self.run_id, self.phase_id, self.worker, self.rerun)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that the database refused, and why."""

    record: AnyRecord
    reason: str


@dataclass(frozen=True, slots=True)
class WriteReport:
    """How many records were written, and which were refused.

    Events and estimates that stood there already are neither. `late` counts events of a time
    whose rows are pruned: they are added to the rollups, and not kept.
    """

    written: int = 0
    refused: tuple[Refusal, ...] = ()
    late: int = 0


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
class TableSize:
    """How large a table is, about, and the time of its oldest row, None where none is known."""

    table: str
    size_bytes: int
    rows: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Footprint:
    """How large the store is: bytes on disk, rows by table, time of the oldest event.

    `oldest_prunable` is that of what a prune deletes by itself: estimates are kept unless it is
    told to take them. The sizes of `tables` are estimates, and leave out what is summed up.
    """

    size_bytes: int
    rows: Mapping[str, int]
    oldest: datetime | None
    tables: tuple[TableSize, ...] = ()
    oldest_prunable: datetime | None = None


@dataclass(frozen=True, slots=True)
class Space:
    """What pruning gave back to the disk, and what is free inside the store; None is unknown."""

    freed_bytes: int | None = None
    free_bytes: int | None = None
