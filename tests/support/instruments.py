"""A recorder of calls whose events stay in memory."""

from __future__ import annotations

import json
from typing import Any

from tests.support.answering import APIS

from understudy.clock import Clock, RealClock
from understudy.pricing import Prices, price_book, read_prices
from understudy.telemetry import EventLog, FaultLog, Owner, Ownership, Recorder, Telemetry


class Instruments:
    """Records what one test calls."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.lines: list[bytes] = []
        self.faults = FaultLog()
        self.ownership = Ownership(Owner(phase_id="t.py::test"))
        self.telemetry = Telemetry(
            event_log=EventLog(self, run_id="run", faults=self.faults),
            ownership=self.ownership,
            clock=clock or RealClock(),
            prices=price_book(read_prices({}, where="-"), Prices(table="none")),
        )
        self.recorder = Recorder(telemetry=self.telemetry, apis=APIS, keeps_content=False)

    def append(self, line: bytes) -> bool:
        """Keep one line."""
        self.lines.append(line)
        return True

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events so far; what nobody ended is ended, and a fault fails the test."""
        self.recorder.flush()
        assert self.faults.first == {}
        return [line for line in self._lines if line["kind"] not in ("lifecycle", "model")]

    @property
    def models(self) -> list[dict[str, Any]]:
        """What was told of models so far."""
        self.recorder.flush()
        assert self.faults.first == {}
        return [line for line in self._lines if line["kind"] == "model"]

    @property
    def _lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines]

    @property
    def only(self) -> dict[str, Any]:
        """The one event there was."""
        (event,) = self.events
        return event
