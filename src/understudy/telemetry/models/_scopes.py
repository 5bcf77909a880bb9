"""Blocks that load a model or let it answer, measured as they run."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any, Protocol, Self

from ...errors import ClockError, ModelEventError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._timer import TimerStart


class MeasuringLog(Protocol):
    """What blocks are measured with and logged to; its methods are those of `ModelLog`."""

    def start_timer(self) -> TimerStart:
        """Return a moment."""

    def measure_latency(self, start: float) -> float:
        """Return the seconds since."""

    def log(
        self,
        event_type: str,
        component: str,
        value: float,
        metadata: Mapping[str, Any],
        status: str,
    ) -> bool:
        """Log any event."""

    def log_load_latency(self, model_name: str, load_time_seconds: float, success: bool) -> bool:  # noqa: FBT001 - as it is documented
        """Log a load."""

    def log_thought_latency(
        self,
        model_name: str,
        inference_time_seconds: float,
        tokens_generated: int,
        prompt_tokens: int,
    ) -> bool:
        """Log an answer."""


class _Scope(ABC):
    """A block that is measured, sync or async; what is raised inside goes on.

    `seconds` is how long it took, None until it has ended and where that cannot be told;
    `is_stored` whether it was logged. On a simulated clock nothing is.
    """

    def __init__(self, models: MeasuringLog, model: str) -> None:
        self.model = model
        self.seconds: float | None = None
        self.is_stored = False
        self._models = models
        self._start: TimerStart | None = None

    @abstractmethod
    def _log(self, seconds: float, *, failed: bool) -> bool:
        """Log how long it took."""

    def __enter__(self) -> Self:
        self._start = self._models.start_timer()
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        assert self._start is not None
        with suppress(ClockError, ModelEventError):
            self.seconds = self._models.measure_latency(self._start)
        if self.seconds is None or math.isnan(self.seconds):
            self.seconds = None
        elif self._start.clock.name == "real":
            # What is raised inside goes on, whatever else is wrong.
            with nullcontext() if error is None else suppress(ModelEventError):
                self.is_stored = self._log(self.seconds, failed=error is not None)

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.__exit__(kind, error, trace)


class LoadScope(_Scope):
    """A model is loaded inside; where that fails, the seconds until then enter no mean."""

    def _log(self, seconds: float, *, failed: bool) -> bool:
        return self._models.log_load_latency(self.model, seconds, not failed)


class ThoughtScope(_Scope):
    """A model answers inside, which sets `tokens_generated` to how many tokens that took.

    Without tokens nothing is logged. Where the block fails, `success` is False, and the
    milliseconds until then enter no mean.
    """

    def __init__(self, models: MeasuringLog, model: str, prompt_tokens: int) -> None:
        super().__init__(models, model)
        self.tokens_generated = 0
        self.prompt_tokens = prompt_tokens

    def _log(self, seconds: float, *, failed: bool) -> bool:
        if failed:
            told = {"success": False, "inference_time_ms": seconds * 1000}
            return self._models.log("THOUGHT_LATENCY", self.model, seconds * 1000, told, "failed")
        return self._models.log_thought_latency(
            self.model, seconds, self.tokens_generated, self.prompt_tokens
        )


class ModelTimer:
    """Measures blocks: `with timer.load("gemma2:27b"): ...`."""

    def __init__(self, models: MeasuringLog) -> None:
        self._models = models

    def load(self, model: str) -> LoadScope:
        """Return a context manager around the loading of a model."""
        return LoadScope(self._models, model)

    def thought(self, model: str, *, prompt_tokens: int = 0) -> ThoughtScope:
        """Return a context manager around an answer of a model."""
        return ThoughtScope(self._models, model, prompt_tokens)
