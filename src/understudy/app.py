"""The composition root: connects what records the calls of one process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .clock import RealClock
from .intercept import Taps
from .intercept.cassettes import ACTIVE_CASSETTES
from .telemetry import EventLog, FaultLog, Owner, Ownership, Recorder, Telemetry

if TYPE_CHECKING:
    from .events import TelemetryEvent
    from .extensions import Extensions
    from .intercept import Answerer
    from .pricing import PriceBook
    from .telemetry import LineWriter, Listener, Sink


@dataclass(frozen=True, slots=True)
class Instrumentation:
    """Everything that records the calls of one process."""

    telemetry: Telemetry
    recorder: Recorder
    taps: Taps
    prices: PriceBook

    @property
    def faults(self) -> FaultLog:
        """Faults of our own in this process."""
        return self.telemetry.event_log.faults


def build_instrumentation(
    extensions: Extensions,
    *,
    lines: LineWriter,
    run_id: str,
    worker: str = "main",
    ownership: Ownership | None = None,
    keeps_content: bool = False,
    answerer: Answerer | None = None,
) -> Instrumentation:
    """Connect recorder, event_log and taps for one process of a run.

    `ownership` tells whose calls are whose; `answerer` is asked before each request goes out.
    """
    event_log = EventLog(lines, run_id=run_id, faults=FaultLog())
    ownership = ownership or Ownership(Owner(worker=worker))
    telemetry = Telemetry(
        event_log=event_log, ownership=ownership, clock=RealClock(), prices=extensions.prices
    )
    recorder = Recorder(telemetry=telemetry, apis=extensions.apis, keeps_content=keeps_content)
    event_log.listeners += [_listener(sink) for sink in extensions.sinks]
    taps = Taps(recorder, answerer=answerer, reads_uploads=ACTIVE_CASSETTES.are_wanted)
    return Instrumentation(telemetry, recorder, taps, extensions.prices)


def _listener(sink: Sink) -> Listener:
    def listen(_: Owner, event: TelemetryEvent) -> None:
        sink.emit(event)

    return listen
