"""The same for programs on an event loop."""

from __future__ import annotations

from asyncio import to_thread
from typing import TYPE_CHECKING, Any, Self

from ._logger import TelemetryLogger

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..clock import Clock
    from ..gpu import GpuMemory, GpuReader
    from ..telemetry.models import ModelTimer


class AsyncTelemetryLogger:
    """A `TelemetryLogger` whose methods are awaited.

    What logs is one write to a file, made at once; what reads the store or a GPU, or closes, is
    done in a thread.

    Raises:
        SettingsError: the location of the store makes no sense.
    """

    def __init__(
        self,
        store: str | Path,
        *,
        gpu: GpuReader | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._logger = TelemetryLogger(store, gpu=gpu, clock=clock)

    @property
    def faults(self) -> list[str]:
        """What went wrong so far, one line for each kind."""
        return self._logger.faults

    async def log(
        self,
        event_type: str,
        component: str | None = None,
        value: float | None = None,
        metadata: Mapping[str, Any] | None = None,
        status: str | None = None,
    ) -> bool:
        """Log an event of any type."""
        return self._logger.log(event_type, component, value, metadata, status)

    async def log_load_latency(
        self,
        model_name: str,
        load_time_seconds: float,
        success: bool = True,  # noqa: FBT001, FBT002 - as it is documented
    ) -> bool:
        """Log how long a model took to load, or until that failed."""
        return self._logger.log_load_latency(model_name, load_time_seconds, success)

    async def log_thought_latency(
        self,
        model_name: str,
        inference_time_seconds: float,
        tokens_generated: int,
        prompt_tokens: int = 0,
    ) -> bool:
        """Log how long a model took to answer, and with how many tokens."""
        told = (model_name, inference_time_seconds, tokens_generated, prompt_tokens)
        return self._logger.log_thought_latency(*told)

    async def check_vram(self, device: int | str | None = None) -> tuple[GpuMemory, ...]:
        """Log how much memory a GPU has free, of all that are seen for None; return it."""
        return await to_thread(self._logger.check_vram, device)

    async def may_load(
        self,
        needed_mb: float,
        threshold_mb: float | None = None,
        *,
        device: int | str | None = None,
    ) -> bool:
        """Tell whether a model that needs so many MB may be loaded."""
        return await to_thread(self._logger.may_load, needed_mb, threshold_mb, device=device)

    async def get_aggregated_efficiency(
        self, component: str | None = None, hours: float = 24, bucket_seconds: int = 60
    ) -> dict[str, Any]:
        """Return how fast models answered in the last `hours`, weighted by tokens, best first."""
        read = self._logger.get_aggregated_efficiency
        return await to_thread(read, component, hours, bucket_seconds)

    async def get_60day_statistics(self) -> dict[str, Any]:
        """Return how fast each model answered and loaded on the last 60 days, best first."""
        return await to_thread(self._logger.get_60day_statistics)

    async def get_telemetry_footprint(self) -> dict[str, Any]:
        """Return how large the store and its tables are, and how old the oldest of their rows."""
        return await to_thread(self._logger.get_telemetry_footprint)

    def start_timer(self) -> float:
        """Return the moment from which `measure_latency` measures."""
        return self._logger.start_timer()

    def measure_latency(self, start: float) -> float:
        """Return the seconds since `start`, on its clock."""
        return self._logger.measure_latency(start)

    def timer(self) -> ModelTimer:
        """Return what measures blocks: `async with logger.timer().load("gemma2:27b"): ...`."""
        return self._logger.timer()

    async def close(self) -> None:
        """Bring the rest into the store."""
        await to_thread(self._logger.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
