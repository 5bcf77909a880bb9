"""What was read of GPUs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from understudy.gpu import GpuMemory, Readings
from understudy.gpu._machine_memory import machine_memory

if TYPE_CHECKING:
    from pathlib import Path

TWO = Readings((GpuMemory("GPU-a", 0, free=1.0), GpuMemory("GPU-b", 1, free=2.0)), ("odd",))


@pytest.mark.parametrize(
    ("device", "found"),
    [(None, [0, 1]), (1, [1]), ("GPU-b", [1]), ("gpu:GPU-a", [0])],
)
def test_a_gpu_is_named_by_its_index_or_uuid(device: int | str | None, found: list[int]) -> None:
    """None are all."""
    readings = TWO.of(device)

    assert [gpu.index for gpu in readings.gpus] == found
    assert readings.unknown == ("odd",)


def test_a_gpu_that_is_not_there_is_said_with_those_that_are() -> None:
    """It is no error: it may be lost."""
    readings = TWO.of("GPU-c")

    assert readings.gpus == ()
    assert readings.unknown[1] == "no GPU 'GPU-c' is seen; there are 0 (GPU-a), 1 (GPU-b)"


def test_where_nothing_is_seen_no_more_is_said() -> None:
    """One sentence is enough."""
    assert Readings(unknown=("no GPU is seen",)).of(3) == Readings(unknown=("no GPU is seen",))


def test_components_are_named_by_uuid() -> None:
    """Indexes move."""
    assert TWO.gpus[0].component == "gpu:GPU-a"


def test_the_memory_of_the_machine_is_what_is_available(tmp_path: Path) -> None:
    """In MB, and what there is at all."""
    file = tmp_path / "meminfo"
    file.write_text("MemTotal:       4194304 kB\nMemFree: 1 kB\nMemAvailable:    1048576 kB\n")

    assert machine_memory(file) == (1024.0, 4096.0)


@pytest.mark.parametrize("text", [None, "", "MemTotal: 5 kB", "MemAvailable: much\nMemTotal: 1 kB"])
def test_where_the_machine_does_not_tell_its_memory_is_unknown(
    tmp_path: Path, text: str | None
) -> None:
    """Other systems have no such file."""
    file = tmp_path / "meminfo"
    if text is not None:
        file.write_text(text)

    assert machine_memory(file) is None
