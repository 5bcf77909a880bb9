"""Makes the mocks of a run, all alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from ....calls import Operation, Origin
from ....endpoint import Endpoint
from ....mock import DirectPlay, IncomingCall, MockLLM

if TYPE_CHECKING:
    from ....clock import Clock
    from ....telemetry import Telemetry
    from ..._context import RunContext

#: Who answered, where no provider was named.
_PROVIDER: Final = "understudy"


class MockFactory:
    """Makes mocks on one clock, with one seed, which report to one telemetry.

    Where no rule has an answer, pytest's hook is asked, with the test that made the call. `plays`
    counts the scenarios that were played directly. `extra_hosts` are the addresses of local
    servers that the mocks answer for besides those of the settings.
    """

    def __init__(self, context: RunContext, telemetry: Telemetry, clock: Clock) -> None:
        self.plays = 0
        self._context = context
        self._telemetry = telemetry
        self._clock = clock

    def endpoint(
        self, name: str, *, profile: str, extra_hosts: frozenset[str] = frozenset()
    ) -> Endpoint:
        """Return the endpoint of a new mock; `name` is a part of the seeds of its calls."""
        hosts = extra_hosts.union(self._context.settings.mock_hosts)
        mock = MockLLM(
            self._context.materials,
            clock=self._clock,
            profile=profile,
            run_seed=self._context.settings.seed,
            node_id=name,
            on_play=self._played,
            on_unmatched=self._ask_plugins,
        )
        return Endpoint(mock, self._context.extensions.apis, hosts=hosts)

    def _ask_plugins(self, call: IncomingCall) -> Any:
        item = self._telemetry.ownership.current().item
        hook = item.ihook if isinstance(item, pytest.Item) else self._context.config.hook
        return hook.pytest_llm_unmatched_call(item=item, request=call)

    def _played(self, play: DirectPlay) -> None:
        """Write the event of a scenario that was played without an SDK."""
        self.plays += 1
        self._telemetry.record_event(
            "llm_call",
            provider=_PROVIDER,
            operation=Operation.CHAT,
            stream=True,
            origin=Origin.MOCKED,
            clock=play.clock,
            profile=play.profile,
            scenario=play.scenario,
            output_tokens=play.output_tokens,
            usage_source="estimated",
            ttfc_ms=_since(play, play.first_at),
            duration_ms=_since(play, play.ended_at),
            status=play.status,
        )


def _since(play: DirectPlay, moment: float | None) -> float | None:
    if play.began_at is None or moment is None:
        return None
    return round((moment - play.began_at) * 1000, 3)
