"""The memory of NVIDIA's GPUs, by NVIDIA's own bindings over a driver that is built here."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from tests.support.suite import STORE

from understudy.store import open_store

if TYPE_CHECKING:
    from tests.support.suite import Suite

pytest.importorskip("pynvml")

HERE = Path(__file__).parent
COMPILER = shutil.which("cc") or shutil.which("gcc")
FAILING = ("9", "12", "15", "18", "999", "none", "lost", "lost while read", "forbidden", "blank")
MODES = ("", *FAILING, "sliced", "unified", "full", "versions")

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the library is Linux's"),
    pytest.mark.skipif(
        COMPILER is None, reason="there is no C compiler (cc) to build a driver with"
    ),
]

#: UUID, index, free, used and total MB.
Memory: TypeAlias = list[Any]
#: What each of fifty threads read in each mode: it is always the same.
Told: TypeAlias = dict[str, tuple[list[Memory], list[str]]]

FIRST = ["GPU-aaaa", 0, 5000.0, 3000.0, 8192.0]
SECOND = ["GPU-bbbb", 1, 5000.0, 3000.0, 8192.0]


def build(library: Path, *flags: str) -> None:
    """Build the library."""
    source = str(HERE / "fake_nvml.c")
    subprocess.run([str(COMPILER), "-shared", "-fPIC", *flags, "-o", library, source], check=True)


def read_with(folder: Path, *flags: str, modes: tuple[str, ...] = MODES) -> Told:
    """Build the library, and read in each mode."""
    built, searched = folder / "built.so", folder / "searched"
    searched.mkdir()
    build(built, *flags)
    child = [sys.executable, str(HERE / "reading_child.py"), str(built), str(searched), *modes]
    environment = {**os.environ, "LD_LIBRARY_PATH": str(searched)}
    shown = subprocess.run(child, env=environment, capture_output=True, text=True, check=True)
    told = json.loads(shown.stdout)
    # The memory of the machine changes from thread to thread; all else is the same in all fifty.
    assert [mode for mode, readings in told.items() if len(readings) > 1] in ([], ["unified"])
    return {mode: (gpus, unknown) for mode, [(gpus, unknown), *_] in told.items()}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What is read in each mode."""
    return read_with(tmp_path_factory.mktemp("nvml"))


def test_memory_is_told_as_the_driver_tells_it(told: Told) -> None:
    """In MB, without what it keeps for itself."""
    assert told[""] == ([FIRST, SECOND], [])


@pytest.mark.parametrize(
    ("mode", "why"),
    [
        ("9", "the NVIDIA driver is not loaded"),
        ("12", "there is no NVIDIA driver here; a container needs `--gpus all`"),
        ("15", "it was lost; the machine must be restarted"),
        ("18", "the NVIDIA driver was updated while in use; restart the machine"),
        ("999", "Unknown Error"),
        ("none", "the NVIDIA driver knows of none"),
    ],
)
def test_where_no_gpu_is_seen_one_sentence_says_why(told: Told, mode: str, why: str) -> None:
    """In all threads the same, and no memory is 0."""
    assert told[mode] == ([], [f"no GPU is seen: {why}"])


def test_a_machine_without_the_library_has_no_gpu(told: Told) -> None:
    """Nor has a container that was given none."""
    if _has_a_driver():
        pytest.skip("this machine has an NVIDIA driver")
    assert told["no library"] == told["12"]


@pytest.mark.parametrize("mode", ["lost", "lost while read"])
def test_a_gpu_that_is_lost_does_not_hide_the_other(told: Told, mode: str) -> None:
    """Which keeps its number."""
    lost = "GPU 0 is not read: it was lost; the machine must be restarted"
    assert told[mode] == ([SECOND], [lost])


def test_what_may_not_be_read_is_not_zero(told: Told) -> None:
    """Each GPU is told for itself."""
    why = "this user may not read it"
    assert told["forbidden"] == ([], [f"GPU {each} is not read: {why}" for each in (0, 1)])


def test_memory_of_zero_in_all_is_unknown(told: Told) -> None:
    """Some drivers tell it of GPUs that they cannot read."""
    why = "it tells of no memory at all"
    assert told["blank"] == ([], [f"GPU {each} is not read: {why}" for each in (0, 1)])


def test_a_gpu_may_be_full(told: Told) -> None:
    """Then 0 MB are free indeed."""
    assert [gpu[2:] for gpu in told["full"][0]] == [[0.0, 8000.0, 8192.0]] * 2


def test_a_gpu_that_is_sliced_is_its_slices(told: Told) -> None:
    """Each has a UUID; places without a slice are none."""
    slices = [[uuid, 0, *FIRST[2:]] for uuid in ("MIG-cccc", "MIG-dddd")]
    assert told["sliced"] == ([*slices, SECOND], [])


def test_gpus_on_the_memory_of_the_machine_have_what_is_available(told: Told) -> None:
    """There is no other that could be told."""
    gpus, unknown = told["unified"]

    assert unknown == []
    assert [gpu[0] for gpu in gpus] == ["GPU-aaaa", "GPU-bbbb"]
    assert all(0 < free < total and used == total - free for *_, free, used, total in gpus)


def test_an_old_driver_counts_what_it_keeps_as_used(tmp_path: Path, told: Told) -> None:
    """It has the first version of the call only, or refuses the other."""
    old = [[*gpu[:3], 3192.0, 8192.0] for gpu in (FIRST, SECOND)]

    assert read_with(tmp_path, "-DOLD_DRIVER", modes=("",))[""] == (old, [])
    assert told["versions"] == (old, [])


def test_in_a_run_fifty_threads_say_one_sentence(
    suite: Suite, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No test fails, whatever the driver does, and what is read is stored."""
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    build(tmp_path / "libnvidia-ml.so.1")
    suite.write(
        """
        import os
        from concurrent.futures import ThreadPoolExecutor

        def in_threads(call):
            with ThreadPoolExecutor(50) as pool:
                return [future.result() for future in [pool.submit(call) for _ in range(50)]]

        def test_lost(llm_telemetry):
            models = llm_telemetry.models
            for mode in ("9", "12", "15", "18"):
                os.environ["FAKE_NVML"] = mode
                assert set(in_threads(models.check_vram)) == {()}
                assert all(in_threads(lambda: models.may_load(10**6)))

        def test_there(llm_telemetry):
            models = llm_telemetry.models
            os.environ["FAKE_NVML"] = ""
            assert [gpu.free for gpu in models.check_vram("GPU-aaaa")] == [5000]
            assert not any(in_threads(lambda: models.may_load(6000, device=1)))
        """
    )

    result = suite.run_apart()

    result.assert_outcomes(passed=2)
    with open_store(suite.path / STORE, create=False) as store:
        events = store.models(store.latest_run_id() or "")
    assert [(event.event_type, event.component, event.metadata) for event in events] == [
        ("VRAM_CHECK", "gpu:GPU-aaaa", {"used": 3000, "total": 8192, "percentage": 36.62109375}),
        ("VRAM_LOCKOUT", "gpu:GPU-bbbb", {"trigger_threshold": 6000, "free_vram": 5000}),
    ]
    shown = [line for line in result.outlines if "reading the memory of GPUs" in line]
    assert len(shown) == 1
    assert " faults while reading the memory of GPUs: no GPU is seen: the NVIDIA" in shown[0]


def _has_a_driver() -> bool:
    try:
        ctypes.CDLL("libnvidia-ml.so.1")
    except OSError:
        return False
    return True
