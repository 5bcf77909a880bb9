"""Timings of unchanged code, in many processes: every difference between them is noise."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from random import Random

BASELINE, CONFIRM, SAMPLES = 5, 4, 10
_FOLDER = Path(os.environ.get("UNDERSTUDY_TEST_DATA", Path(__file__).parents[1] / "../shared/data"))
_FILE = _FOLDER / "timings/same_code_processes.jsonl.gz"

Processes = list[list[float]]


class Draw(NamedTuple):
    """Samples of one test: processes for the baseline, one candidate, processes after it."""

    baseline: Processes
    candidate: list[float]
    confirm: Processes

    def slower(self, factor: float) -> Draw:
        """The same with a regression since the baseline."""
        return Draw(
            self.baseline,
            [each * factor for each in self.candidate],
            [[each * factor for each in process] for process in self.confirm],
        )


def read_same_code() -> list[Processes] | None:
    """Return the samples of each process of each test; None where there are no data."""
    if not _FILE.exists():
        return None
    with gzip.open(_FILE, "rt") as lines:
        return [json.loads(line)["processes"] for line in lines]


def draw(processes: Processes, random: Random) -> Draw:
    """Deal the processes of a test to the sides, ten samples of each."""
    dealt = random.sample(processes, BASELINE + 1 + CONFIRM)
    chosen = [random.sample(process, SAMPLES) for process in dealt]
    return Draw(chosen[:BASELINE], chosen[BASELINE], chosen[BASELINE + 1 :])
