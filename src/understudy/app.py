"""The composition root: connects what records the calls of one process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .clock import RealClock
from .intercept import Taps
from .intercept.cassettes import ACTIVE_CASSETTES
from .telemetry import EventLog, FaultLog, Owner, Ownership, Recorder, SinkListener, Telemetry

if TYPE_CHECKING:
    from .extensions import Extensions
    from .intercept import Answerer
    from .pricing import PriceBook
    from .telemetry import LifecycleMode, LineWriter, Listener, Predictor


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


def open_event_log(
    extensions: Extensions,
    lines: LineWriter,
    *,
    run_id: str,
    listeners: tuple[Listener, ...] = (),
) -> EventLog:
    """Return what takes the events of one process; `listeners` hear of them after the sinks."""
    sinks = tuple(SinkListener(sink) for sink in extensions.sinks)
    return EventLog(lines, run_id=run_id, faults=FaultLog(), listeners=(*sinks, *listeners))


def build_instrumentation(
    extensions: Extensions,
    event_log: EventLog,
    *,
    ownership: Ownership | None = None,
    keeps_content: bool = False,
    lifecycle: LifecycleMode = "on",
    predictors: tuple[Predictor, ...] = (),
    answerer: Answerer | None = None,
) -> Instrumentation:
    """Connect recorder, event log and taps for one process of a run.

    `ownership` tells whose calls are whose, `predictors` predict them; `answerer` is asked
    before each request goes out.
    """
    telemetry = Telemetry(
        event_log=event_log,
        ownership=ownership or Ownership(Owner()),
        clock=RealClock(),
        prices=extensions.prices,
        predictors=predictors,
        lifecycle=lifecycle,
    )
    recorder = Recorder(telemetry=telemetry, apis=extensions.apis, keeps_content=keeps_content)
    taps = Taps(recorder, answerer=answerer, reads_uploads=ACTIVE_CASSETTES.are_wanted)
    return Instrumentation(telemetry, recorder, taps, extensions.prices)
