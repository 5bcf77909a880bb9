"""What memory GPUs have free, in a run."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from understudy.gpu import GpuMemory, Readings

if TYPE_CHECKING:
    from tests.unit.telemetry.samples import Bench

    from understudy.telemetry.models import RunModelLog

LOST = "no GPU is seen: it was lost"


@dataclass
class Gpus:
    """A `GpuReader` that tells what it is told to."""

    free: tuple[float, ...] = ()
    unknown: tuple[str, ...] = ()
    error: Exception | None = None

    def read(self) -> Readings:
        """Tell it."""
        if self.error is not None:
            raise self.error
        gpus = [
            GpuMemory(f"GPU-{index}", index, free=free, used=8192 - free, total=8192)
            for index, free in enumerate(self.free)
        ]
        return Readings(tuple(gpus), self.unknown)


@pytest.fixture
def gpus() -> Gpus:
    """One GPU with 4 GB free."""
    return Gpus((4096.0,))


@pytest.fixture
def models(bench: Bench, gpus: Gpus) -> RunModelLog:
    """A log that reads them."""
    bench.telemetry.models.gpu = gpus
    return bench.telemetry.models


def told(bench: Bench) -> list[dict[str, Any]]:
    """Return what was written, as far as it is about memory."""
    names = ["event_type", "component", "value", "status", "used", "total"]
    names += ["trigger_threshold", "free_vram"]
    return [{name: line[name] for name in names if name in line} for line in bench.lines.read]


def test_a_check_is_an_event_for_each_gpu(bench: Bench, models: RunModelLog, gpus: Gpus) -> None:
    """What is read is returned, too."""
    gpus.free = (4096.0, 1024.0)

    read = models.check_vram()

    assert [gpu.free for gpu in read] == [4096.0, 1024.0]
    assert told(bench) == [
        {
            "event_type": "VRAM_CHECK",
            "component": f"gpu:GPU-{index}",
            "value": free,
            "used": 8192 - free,
            "total": 8192,
        }
        for index, free in enumerate(gpus.free)
    ]


def test_one_of_them_may_be_checked(bench: Bench, models: RunModelLog, gpus: Gpus) -> None:
    """By its index or UUID."""
    gpus.free = (4096.0, 1024.0)

    models.check_vram(1)
    models.check_vram("GPU-1")

    assert [line["component"] for line in told(bench)] == ["gpu:GPU-1", "gpu:GPU-1"]


def test_a_lock_is_an_event_and_so_is_its_release(
    bench: Bench, models: RunModelLog, gpus: Gpus
) -> None:
    """Nothing in between is."""
    answers = []
    for free in (4096.0, 3000.0, 2000.0, 4096.0, 4400.0, 4506.0):
        gpus.free = (free,)
        answers.append(models.may_load(1500, threshold_mb=4096))

    assert answers == [True, False, False, False, False, True]
    locked = {"trigger_threshold": 4096, "component": "gpu:GPU-0", "value": 0.0}
    assert told(bench) == [
        {"event_type": "VRAM_LOCKOUT", "status": "locked", "free_vram": 3000.0, **locked},
        {"event_type": "VRAM_LOCKOUT", "status": "released", "free_vram": 4506.0, **locked},
    ]


def test_what_is_needed_is_the_threshold_unless_told(models: RunModelLog, gpus: Gpus) -> None:
    """And what is not there is refused although nothing is locked."""
    assert models.may_load(4096)
    assert not models.may_load(4097)
    assert not models.may_load(4097, threshold_mb=100)


def test_a_model_may_be_loaded_where_any_gpu_has_room(models: RunModelLog, gpus: Gpus) -> None:
    """Or the one that is meant has."""
    gpus.free = (100.0, 4096.0)

    assert models.may_load(2000)
    assert not models.may_load(2000, device=0)
    assert models.may_load(2000, device="GPU-1")


def test_unknown_memory_locks_nothing(bench: Bench, models: RunModelLog, gpus: Gpus) -> None:
    """It is said once, and is never 0."""
    gpus.free, gpus.unknown = (), (LOST,)

    assert models.may_load(10**6)
    assert models.check_vram() == ()

    assert bench.lines.lines == []
    assert bench.faults.lines() == [f"2 faults while reading the memory of GPUs: {LOST}"]


@pytest.mark.parametrize("needed", [-1, float("nan"), "2 GB", None, True])
def test_a_need_that_is_none_is_counted_and_locks_nothing(
    bench: Bench, models: RunModelLog, needed: Any
) -> None:
    """It fails no test."""
    assert models.may_load(needed)

    assert "may_load: needed_mb is" in bench.faults.lines()[0]


def test_a_reader_that_raises_fails_no_test(bench: Bench, models: RunModelLog, gpus: Gpus) -> None:
    """In any of fifty threads."""
    gpus.error = OSError("the driver hung up")

    with ThreadPoolExecutor(50) as pool:
        asked = [pool.submit(models.may_load, 100) for _ in range(50)]
        checked = [pool.submit(models.check_vram) for _ in range(50)]

    assert all(future.result() for future in asked)
    assert all(future.result() == () for future in checked)
    [line] = bench.faults.lines()
    assert line.endswith("faults while reading the memory of GPUs: OSError: the driver hung up")


def test_of_fifty_threads_one_logs_the_lock(bench: Bench, models: RunModelLog) -> None:
    """All of them are refused."""
    with ThreadPoolExecutor(50) as pool:
        asked = [pool.submit(models.may_load, 5000) for _ in range(50)]

    assert not any(future.result() for future in asked)
    assert len(bench.lines.lines) == 1
