"""What application code tells of models, to whatever keeps it."""

from __future__ import annotations

from abc import abstractmethod
from functools import partial
from typing import TYPE_CHECKING, Any

from . import _told
from ._scopes import ModelTimer
from ._timer import TimerStart, measure
from ._vram import VramLog

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...clock import Clock


class ModelLog(VramLog):
    """Takes how long models load and think, and what memory is free.

    Each `log…` returns True where the event is stored. A thought of 0 tokens, and what cannot be
    stored, are False. What becomes of wrong arguments, those who keep events say.
    """

    def log(
        self,
        event_type: str,
        component: str | None = None,
        value: float | None = None,
        metadata: Mapping[str, Any] | None = None,
        status: str | None = None,
    ) -> bool:
        """Log an event of any type.

        `value` is in the unit of its type: seconds, milliseconds per token, MB that are free.
        A lockout needs neither component nor value. `metadata` are scalars, 2 KB at most.
        """
        return self._keep(partial(_told.event_of, event_type, component, value, metadata, status))

    def log_load_latency(
        self,
        model_name: str,
        load_time_seconds: float,
        success: bool = True,  # noqa: FBT001, FBT002 - as it is documented
    ) -> bool:
        """Log how long a model took to load, or until that failed, which enters no mean."""
        return self._keep(partial(_told.load_of, model_name, load_time_seconds, success=success))

    def log_thought_latency(
        self,
        model_name: str,
        inference_time_seconds: float,
        tokens_generated: int,
        prompt_tokens: int = 0,
    ) -> bool:
        """Log how long a model took to answer, and with how many tokens."""
        told = (model_name, inference_time_seconds, tokens_generated, prompt_tokens)
        return self._keep(partial(_told.thought_of, *told))

    def start_timer(self) -> TimerStart:
        """Return the moment from which `measure_latency` measures: it remembers its clock."""
        return TimerStart(self._clock())

    def measure_latency(self, start: float) -> float:
        """Return the seconds since `start`, on its clock."""
        return measure(start, self._clock())

    def timer(self) -> ModelTimer:
        """Return what measures blocks: `with models.timer().load("gemma2:27b"): ...`."""
        return ModelTimer(self)

    @abstractmethod
    def _clock(self) -> Clock:
        """Return the clock of the code that asks."""
