"""The memory of NVIDIA's GPUs, by NVIDIA's own library."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from ._machine_memory import machine_memory
from ._reading import GpuMemory, Readings

if TYPE_CHECKING:
    from collections.abc import Iterator

_MB: Final = 2**20
_NO_EXTRA: Final = (
    "no GPU is seen: what reads NVIDIA's is missing, pip install 'pytest-understudy[gpu]'"
)
#: By the numbers of NVML's errors.
_WHY: Final = {
    3: "its memory cannot be read, nor that of the machine",
    4: "this user may not read it",
    9: "the NVIDIA driver is not loaded",
    12: "there is no NVIDIA driver here; a container needs `--gpus all`",
    15: "it was lost; the machine must be restarted",
    18: "the NVIDIA driver was updated while in use; restart the machine",
}
_NOT_SUPPORTED: Final = 3
#: Drivers before the second version of the call, and GPUs that do not know it.
_OLDER: Final = frozenset({_NOT_SUPPORTED, 13, 25})


class NvmlReader:
    """Reads NVIDIA's GPUs, and the slices of those that are sliced, whatever may be visible.

    Each reading opens the library and closes it again: a driver that comes back is seen.
    """

    def read(self) -> Readings:
        """Read all of them."""
        try:
            import pynvml  # noqa: PLC0415 - an extra, and only where somebody asks
        except ImportError:
            return Readings(unknown=(_NO_EXTRA,))
        except Exception as error:  # noqa: BLE001 - a package of that name that is another's
            return Readings(unknown=(f"no GPU is seen: {_said(error)}",))
        return _Nvml(pynvml).read()


class _Nvml:
    """One reading."""

    def __init__(self, nvml: Any) -> None:
        self._nvml = nvml
        self._gpus: list[GpuMemory] = []
        self._unknown: list[str] = []

    def read(self) -> Readings:
        with self._noting("no GPU is seen"):
            self._nvml.nvmlInit()
            try:
                self._read_all()
            finally:
                self._nvml.nvmlShutdown()
        return Readings(tuple(self._gpus), tuple(self._unknown))

    def _read_all(self) -> None:
        count = self._nvml.nvmlDeviceGetCount()
        if not count:
            self._unknown.append("no GPU is seen: the NVIDIA driver knows of none")
        for index in range(count):
            with self._noting(f"GPU {index} is not read"):
                handle = self._nvml.nvmlDeviceGetHandleByIndex(index)
                self._gpus += [
                    self._memory(each, index) for each in self._slices(handle) or [handle]
                ]

    def _slices(self, handle: Any) -> list[Any]:
        """Return the slices of a GPU that is sliced."""
        nvml = self._nvml
        try:
            if nvml.nvmlDeviceGetMigMode(handle)[0] != nvml.NVML_DEVICE_MIG_ENABLE:
                return []
            count = nvml.nvmlDeviceGetMaxMigDeviceCount(handle)
        except nvml.NVMLError:  # most GPUs have no such thing
            return []
        found = []
        for index in range(count):
            try:
                found.append(nvml.nvmlDeviceGetMigDeviceHandleByIndex(handle, index))
            except nvml.NVMLError:  # a place without a slice
                continue
        return found

    def _memory(self, handle: Any, index: int) -> GpuMemory:
        uuid = str(self._nvml.nvmlDeviceGetUUID(handle))
        try:
            told = self._told(handle)
        except self._nvml.NVMLError as error:
            shared = machine_memory() if error.value == _NOT_SUPPORTED else None
            if shared is None:
                raise
            free, total = shared
            return GpuMemory(uuid, index, free=free, used=total - free, total=total)
        if not told.total:
            msg = "it tells of no memory at all"
            raise ValueError(msg)
        return GpuMemory(
            uuid, index, free=told.free / _MB, used=told.used / _MB, total=told.total / _MB
        )

    def _told(self, handle: Any) -> Any:
        nvml = self._nvml
        try:
            return nvml.nvmlDeviceGetMemoryInfo(handle, version=nvml.nvmlMemory_v2)
        except nvml.NVMLError as error:
            if error.value not in _OLDER:
                raise
        return nvml.nvmlDeviceGetMemoryInfo(handle)

    @contextmanager
    def _noting(self, what: str) -> Iterator[None]:
        """Say in a sentence what went wrong inside, and go on."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - a driver fails in many ways, and none is a test's
            why = _WHY.get(getattr(error, "value", 0)) or _said(error)
            self._unknown.append(f"{what}: {why}")


def _said(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
