"""The run of a gateway: the calls that it answers, in the store."""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from ..app import build_instrumentation, open_event_log
from ..clock import RealClock
from ..durable import state_folder
from ..events import AnyEvent, CallEvent
from ..pricing import load_price_list, price_call
from ..store import open_long_writer, redact
from ..telemetry import LoggedFaults, Owner, Ownership, activated

if TYPE_CHECKING:
    from pathlib import Path

    from ..extensions import Extensions
    from ..intercept import Observer

_PHASE: Final = "gateway"
#: So many predictions and lifecycle events are kept in memory.
_MOST_KEPT: Final = 1000


class GatewayRun:
    """Stores what a gateway answers, in a run of kind `gateway`; several may share a store.

    Where it `is_tapped`, calls that this process itself makes are stored, too: a router's.
    A call is in the journal when it has ended, and in the store a minute later, or at the end.

    Raises:
        SettingsError: the location makes no sense.
        RegistrationError: the hook of a plugin failed.
    """

    def __init__(
        self, location: str, *, root: Path, extensions: Extensions, is_tapped: bool = False
    ) -> None:
        extensions.find_all()
        load_price_list()
        faults = LoggedFaults()
        prices = extensions.prices

        def price(event: AnyEvent) -> AnyEvent:
            return price_call(event, prices) if isinstance(event, CallEvent) else event

        self._writer = open_long_writer(
            location,
            kind="gateway",
            clock=RealClock(),
            state_folder=state_folder(root),
            note=faults.note,
            price=price,
            phase_id=_PHASE,
        )
        event_log = open_event_log(
            extensions,
            self._writer,
            run_id=self._writer.run_id,
            faults=faults,
            holds=self._writer,
        )
        parts = build_instrumentation(extensions, event_log, ownership=Ownership(_owner()))
        self._recorder = parts.recorder
        self._taps = ExitStack()
        if is_tapped:
            self._taps.enter_context(activated(parts.telemetry))
            self._taps.enter_context(parts.taps)
        self.run_id = self._writer.run_id
        self.location = location
        self.store = redact(location)

    @property
    def observer(self) -> Observer:
        """Who watches the calls."""
        return self._recorder

    def close(self) -> None:
        """End the calls that nobody ended, and bring the rest into the store."""
        self._taps.close()
        self._recorder.flush()
        self._writer.close()


def _owner() -> Owner:
    kept: dict[str, Any] = {sort: deque(maxlen=_MOST_KEPT) for sort in ("estimates", "lifecycle")}
    return Owner(phase_id=_PHASE, **kept)
