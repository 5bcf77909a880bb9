"""What memory GPUs have free, and whether that is enough to load a model."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from functools import partial
from typing import TYPE_CHECKING, Any

from ...errors import ModelEventError
from ...events.model import VramCheck, VramLockout

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...events.model import AnyModelEvent
    from ...gpu import GpuMemory, GpuReader, Lockout, Readings


class VramLog(ABC):
    """Reads the memory of GPUs when it is asked, never by itself, and logs it.

    What cannot be read is said in a sentence, and locks nothing.
    """

    gpu: GpuReader
    lockout: Lockout

    def check_vram(self, device: int | str | None = None) -> tuple[GpuMemory, ...]:
        """Log how much memory a GPU has free, by its index or UUID; None are all that are seen.

        Returns what was read, nothing where no GPU is seen.
        """
        gpus = self._read_gpus(device).gpus
        for gpu in gpus:
            self._keep(partial(_check_of, gpu))
        return gpus

    def may_load(
        self,
        needed_mb: float,
        threshold_mb: float | None = None,
        *,
        device: int | str | None = None,
    ) -> bool:
        """Tell whether a model that needs so many MB (2**20 bytes) may be loaded.

        It may on any GPU that has room for it and is not locked. One is locked where less than
        `threshold_mb` is free, what is needed unless told, and released where a tenth more than
        that is: each such transition is logged as VRAM_LOCKOUT. Memory that is unknown locks
        nothing: then it may.
        """
        needed = _checked("needed_mb", needed_mb)
        threshold = needed if threshold_mb is None else _checked("threshold_mb", threshold_mb)
        gpus = self._read_gpus(device).gpus
        rooms = [self._has_room(gpu, needed, threshold) for gpu in gpus]  # all of them judged
        return not rooms or any(rooms)

    def _has_room(self, gpu: GpuMemory, needed: float, threshold: float) -> bool:
        status = self.lockout.judge(gpu.component, free=gpu.free, threshold=threshold)
        if status is not None:
            event = VramLockout(
                component=gpu.component,
                status=status,
                trigger_threshold=threshold,
                free_vram=gpu.free,
            )
            self._keep(lambda: event)
        return gpu.free >= needed and not self.lockout.is_locked(gpu.component, threshold)

    def _read_gpus(self, device: int | str | None) -> Readings:
        readings = self.gpu.read().of(device)
        for sentence in readings.unknown:
            self._note(sentence)
        return readings

    @abstractmethod
    def _keep(self, make: Callable[[], AnyModelEvent | None]) -> bool:
        """Keep the event that `make` makes; False for None."""

    @abstractmethod
    def _note(self, sentence: str) -> None:
        """Say once what of the GPUs is not known."""


def _check_of(gpu: GpuMemory) -> VramCheck:
    return VramCheck(component=gpu.component, value=gpu.free, used=gpu.used, total=gpu.total)


def _checked(name: str, megabytes: Any) -> float:
    is_number = isinstance(megabytes, float | int) and not isinstance(megabytes, bool)
    if not is_number or not math.isfinite(megabytes) or megabytes < 0:
        msg = f"may_load: {name} is {megabytes!r}, where MB from 0 on are due."
        raise ModelEventError(msg)
    return float(megabytes)
