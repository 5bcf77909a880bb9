"""Sends events to a collector of OpenTelemetry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...calls import Status
from ...errors import SettingsError
from ...events import CallEvent
from ._delivery import Deliveries, Delivery
from ._http import parts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._event_log import Recorded

#: So many failed calls wait for a further attempt.
_MOST_FAILED: Final = 1000
_EXTRA: Final = "--llm-sink=otlp needs the extra: pip install 'pytest-understudy[otlp]'."


class OtlpSink:
    """Sends calls as spans and lifecycle events as log records, by OpenTelemetry's own exporter.

    `destination` is the address of a collector, "" what OTEL_EXPORTER_OTLP_ENDPOINT and the like
    say. A span covers a logical call with all its attempts; one that failed waits for the next
    attempt, at the longest until the sink is closed.

    Raises:
        SettingsError: the address is none, or the extra `otlp` is not installed.
    """

    wants_costs = True

    def __init__(self, destination: str) -> None:
        if destination:
            parts_of("otlp", destination)
        try:
            from ._otlp_records import Exporters  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise SettingsError(_EXTRA) from error
        self._failed: dict[str, tuple[CallEvent, ...]] = {}
        self._exporters = Exporters(destination.rstrip("/"))
        self._delivery: Delivery[tuple[Recorded, ...]] = Delivery(self._exporters.export)

    @property
    def counts(self) -> Deliveries:
        """What became of the events so far."""
        return self._delivery.counts

    def emit_later(self, build: Callable[[], Recorded]) -> None:
        """Put into the queue what makes an event that is no call."""
        self._delivery.put(lambda: (build(),))

    def emit(self, event: Recorded) -> None:
        """Put an event into the queue; a call, once it is known to have ended."""
        if not isinstance(event, CallEvent):
            self.emit_later(lambda: event)
            return
        attempts = (*self._failed.pop(event.call_id, ()), event)
        if event.status is Status.ERROR:
            self._failed[event.call_id] = attempts
            if len(self._failed) > _MOST_FAILED:
                self._put(self._failed.pop(next(iter(self._failed))))
        else:
            self._put(attempts)

    def close(self, timeout: float) -> None:
        """Send what is left in at most so many seconds."""
        for attempts in self._failed.values():
            self._put(attempts)
        self._failed = {}
        self._delivery.close(timeout)
        self._exporters.close()

    def _put(self, attempts: tuple[CallEvent, ...]) -> None:
        self._delivery.put(lambda: attempts, len(attempts))
