"""NVIDIA's GPUs where the library to read them is none."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from understudy.gpu import NvmlReader
from understudy.gpu import _nvml as reader

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


class NvmlError(Exception):
    """What the library raises."""

    value = 3  # not supported


class Unified(ModuleType):
    """A library that sees one GPU, which has no memory of its own."""

    NVMLError = NvmlError
    nvmlMemory_v2 = 2  # noqa: N815 - its name

    def __getattr__(self, name: str) -> Any:
        """Answer every call."""
        answers = {"nvmlDeviceGetCount": 1, "nvmlDeviceGetUUID": "GPU-a"}
        refused = {"nvmlDeviceGetMemoryInfo", "nvmlDeviceGetMigMode"}

        def call(*_: object, **__: object) -> object:
            if name in refused:
                raise NvmlError
            return answers.get(name)

        return call


def test_without_the_extra_no_gpu_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says what to install."""
    monkeypatch.setitem(sys.modules, "pynvml", None)

    assert NvmlReader().read().unknown == (
        "no GPU is seen: what reads NVIDIA's is missing, pip install 'pytest-understudy[gpu]'",
    )


def test_a_library_that_cannot_be_loaded_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """There are others of that name."""
    (tmp_path / "pynvml.py").write_text("raise RuntimeError('not for\\nthis machine')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "pynvml", raising=False)

    assert NvmlReader().read().unknown == ("no GPU is seen: not for this machine",)


def test_where_neither_gpu_nor_machine_tells_memory_is_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is not 0."""
    monkeypatch.setitem(sys.modules, "pynvml", Unified("pynvml"))
    monkeypatch.setattr(reader, "machine_memory", lambda: None)

    readings = NvmlReader().read()

    assert readings.gpus == ()
    assert readings.unknown == (
        "GPU 0 is not read: its memory cannot be read, nor that of the machine",
    )
