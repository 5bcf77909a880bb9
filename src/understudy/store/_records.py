"""A run and the tests in it, as they cross the journal."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Count = Annotated[int, Field(ge=0)]
Milliseconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Outcome = Literal["passed", "failed", "skipped", "xfailed", "xpassed", "error", "rerun"]
CassetteVerdict = Literal["hit", "partial", "miss", "recorded", "live"]


class Run(BaseModel):
    """One run of pytest; what is not known (a killed run never finished) is None.

    `options` is the command line as pytest got it, `git_dirty` whether tracked files
    differed from `git_commit`, `worker_count` how many processes ran tests.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    run_id: str = Field(min_length=1)
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
