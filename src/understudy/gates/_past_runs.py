"""The last runs on one machine: figures of live calls, kept apart from the reviewed ones.

`.understudy/baseline-runs/<fingerprint>.jsonl`, a line for each run, the last ten.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from ..durable import FileLock, make_state_folder, write_atomically
from ._metric import Family, Figures, Kind
from ._metrics import METRICS
from .baseline import BaselineError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


#: How many runs are kept.
KEPT: Final = 10

_PATIENCE_SECONDS: Final = 10.0
_APART: Final = frozenset({Family.ACCURACY, Family.ASIDE, Family.LATENCY})
#: Of what goes into a fingerprint; another schema makes other fingerprints.
SCHEMA: Final = 1

_CPU_INFO: Final = Path("/proc/cpuinfo")
_FINGERPRINT_LENGTH: Final = 12
#: What was measured of live calls, by test and metric.
Samples = dict[str, dict[str, list[float]]]


@dataclass(frozen=True, slots=True)
class Environment:
    """What makes a machine fast or slow, as far as it says so; no name, no clock rate."""

    cpu: str
    cores: int
    system: str
    python: str
    schema: int = SCHEMA

    @property
    def fingerprint(self) -> str:
        """A short name that only equal environments share."""
        words = "\n".join(f"{name}={value}" for name, value in sorted(asdict(self).items()))
        return sha256(words.encode()).hexdigest()[:_FINGERPRINT_LENGTH]


def this_environment(cpu_info: Path = _CPU_INFO) -> Environment:
    """Describe the machine that this process runs on."""
    return Environment(
        cpu=_cpu(cpu_info),
        cores=os.cpu_count() or 0,
        system=f"{platform.system()} {platform.machine()}",
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
    )


def _cpu(cpu_info: Path) -> str:
    try:
        lines = cpu_info.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine()


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
    alone = {
        name: [float(value)]
        for name, value in {**sums, **figures.timed}.items()
        if name not in METRICS or METRICS[name].family not in _APART
    }
    return {**alone, **figures.samples}


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
        raise BaselineError(path, f"cannot be read: {error.strerror or error}") from error
    return [_run(line, path, number) for number, line in enumerate(lines, start=1)]


def _run(line: bytes, path: Path, number: int) -> PastRun:
    try:
        fields: Any = json.loads(line)
        return PastRun.model_validate(fields)
    except (ValueError, ValidationError) as error:
        problem = f"no record of a run ({type(error).__name__}); remove the line, or the file."
        raise BaselineError(path, problem, line=number) from None
