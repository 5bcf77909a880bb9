"""Makes the mocks of a run, all alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...mock import MockLLM
from ._plays import record_play

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...clock import Clock
    from ...mock import DirectPlay, IncomingCall, MockLibrary
    from ...telemetry import Telemetry


class MockMaker:
    """Makes mocks on one clock, with one seed, which report to one telemetry.

    `unmatched` is asked for an answer where no rule has one, with the test that made the call;
    `plays` counts the scenarios that were played directly.
    """

    def __init__(
        self,
        library: MockLibrary,
        *,
        clock: Clock,
        run_seed: int,
        telemetry: Telemetry,
        unmatched: Callable[[object, IncomingCall], Any],
    ) -> None:
        self.library = library
        self.plays = 0
        self._clock = clock
        self._run_seed = run_seed
        self._telemetry = telemetry
        self._unmatched = unmatched

    def make(self, name: str, *, profile: str) -> MockLLM:
        """Return a new mock; `name` is a part of the seeds of its calls."""
        return MockLLM(
            self.library,
            clock=self._clock,
            profile=profile,
            run_seed=self._run_seed,
            node_id=name,
            on_play=self._played,
            on_unmatched=self._ask,
        )

    def _played(self, play: DirectPlay) -> None:
        self.plays += 1
        record_play(self._telemetry, play)

    def _ask(self, call: IncomingCall) -> Any:
        return self._unmatched(self._telemetry.ownership.current().item, call)
