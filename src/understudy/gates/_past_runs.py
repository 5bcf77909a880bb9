"""The last runs on one machine: figures of live calls, kept apart from the reviewed ones.

`.understudy/baseline-runs/<fingerprint>.jsonl`, a line for each run, the last ten.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from ..durable import FileLock, make_state_folder, write_atomically
from ._errors import BaselineError
from ._metric import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ._figures import Figures

#: How many runs are kept.
KEPT: Final = 10

_PATIENCE_SECONDS: Final = 10.0
_NOT_NOISY: Final = frozenset({"smape", "predictions"})
#: They are kept call by call, in ms.
LATENCIES: Final = frozenset({"ttfc", "duration", "ms_per_token"})


class PastRun(BaseModel):
    """Figures of the live calls of one green run.

    `samples` holds by test and metric what was measured, call by call; `pairs` by test
    (predicted, actual) tokens.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    run_id: str
    date: str
    commit: str = ""
    reason: str = ""
    samples: dict[str, dict[str, list[float]]] = {}
    pairs: dict[str, list[tuple[int, int]]] = {}


@dataclass(frozen=True, slots=True)
class PastRuns:
    """What is known of earlier runs, the oldest first, and what other machines know."""

    runs: Sequence[PastRun] = ()
    elsewhere: frozenset[str] = field(default_factory=frozenset)


def live_samples(figures: Figures) -> dict[str, list[float]]:
    """Return what the noisy rule compares of a test: latencies by call, sums of the run."""
    if figures.latency is not Kind.NOISY:
        return {}
    sums = figures.values if figures.counts is Kind.NOISY else {}
    alone = {name: [float(value)] for name, value in sums.items() if name not in _NOT_NOISY}
    timed = {name: [float(value)] for name, value in figures.timed.items() if name not in LATENCIES}
    return {**alone, **timed, **figures.samples}


def past_run(
    figures: Mapping[str, Figures], *, run_id: str, date: str, commit: str = "", reason: str = ""
) -> PastRun | None:
    """Make the record of a run; None where it has no live figures."""
    samples = {name: live_samples(each) for name, each in figures.items()}
    paired = {name: each for name, each in figures.items() if each.accuracy is Kind.PAIRED}
    pairs = {name: each.pairs for name, each in paired.items() if each.pairs}
    samples = {name: each for name, each in samples.items() if each}
    if not samples and not pairs:
        return None
    return PastRun(
        run_id=run_id, date=date, commit=commit, reason=reason, samples=samples, pairs=pairs
    )


def read_past_runs(folder: Path, fingerprint: str) -> PastRuns:
    """Read the runs of this machine, and the names of tests that others have figures of.

    Raises:
        BaselineError: a file cannot be read; names file and line.
    """
    own = _path(folder, fingerprint)
    others = [path for path in sorted(folder.glob("*.jsonl")) if path != own]
    elsewhere = {name for path in others for run in _read(path) for name in run.samples}
    return PastRuns(_read(own), frozenset(elsewhere))


def append_past_run(folder: Path, fingerprint: str, run: PastRun) -> None:
    """Add a run to those of this machine; the oldest beyond ten go.

    Raises:
        BaselineError: the file is damaged, or cannot be written.
    """
    path = _path(folder, fingerprint)
    lock = FileLock(folder / f"{fingerprint}.lock")
    try:
        make_state_folder(folder)
        if not lock.acquire(timeout=_PATIENCE_SECONDS):
            raise BaselineError(path, "another process writes it and does not end.")
        try:
            runs = [each for each in _read(path) if each.run_id != run.run_id]
            kept = [*runs, run][-KEPT:]
            write_atomically(path, "".join(f"{_line(each)}\n" for each in kept))
        finally:
            lock.release()
    except OSError as error:
        raise BaselineError(path, f"cannot be written: {error}") from error


def _path(folder: Path, fingerprint: str) -> Path:
    return folder / f"{fingerprint}.jsonl"


def _line(run: PastRun) -> str:
    return json.dumps(run.model_dump(), sort_keys=True)


def _read(path: Path) -> list[PastRun]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BaselineError(path, f"cannot be read: {error}") from error
    return [_run(line, path, number) for number, line in enumerate(lines, start=1)]


def _run(line: bytes, path: Path, number: int) -> PastRun:
    try:
        fields: Any = json.loads(line)
        return PastRun.model_validate(fields)
    except (ValueError, ValidationError) as error:
        problem = f"no record of a run ({type(error).__name__}); remove the line, or the file."
        raise BaselineError(path, problem, line=number) from None
