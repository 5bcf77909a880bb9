"""The memory of GPUs at one moment, and what can read it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Protocol

_PREFIX: Final = "gpu:"


@dataclass(frozen=True, slots=True)
class GpuMemory:
    """The memory of a GPU or of a slice of one, in MB (2**20 bytes); None is not known.

    `uuid` names it for good; `index` is the number of the GPU, which moves, for each of its slices.
    """

    uuid: str
    index: int
    free: float
    used: float | None = None
    total: float | None = None

    @property
    def component(self) -> str:
        """What events name it by."""
        return f"{_PREFIX}{self.uuid}"


@dataclass(frozen=True, slots=True)
class Readings:
    """What was read, and one sentence for each thing that could not be."""

    gpus: tuple[GpuMemory, ...] = ()
    unknown: tuple[str, ...] = ()

    def of(self, device: int | str | None) -> Readings:
        """Return what is known of one GPU, by its index or UUID; of all for None."""
        if device is None:
            return self
        name = device.removeprefix(_PREFIX) if isinstance(device, str) else device
        found = tuple(gpu for gpu in self.gpus if name in {gpu.uuid, gpu.index})
        if found or not self.gpus:
            return replace(self, gpus=found)
        known = ", ".join(f"{gpu.index} ({gpu.uuid})" for gpu in self.gpus)
        return Readings((), (*self.unknown, f"no GPU {device!r} is seen; there are {known}"))


class GpuReader(Protocol):
    """Reads the memory of GPUs: NVIDIA's by `NvmlReader`, others by whoever can."""

    def read(self) -> Readings:
        """Read all of them now; never raises. What is not known is never 0."""
