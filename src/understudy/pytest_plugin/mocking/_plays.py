"""Scenarios that are played without an SDK: one event each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...calls import Operation, Origin

if TYPE_CHECKING:
    from ...mock import DirectPlay
    from ...telemetry import Telemetry

#: Who answered, where no provider was named.
_PROVIDER: Final = "understudy"


def record_play(telemetry: Telemetry, play: DirectPlay) -> None:
    """Write the event of a play that has ended."""
    telemetry.record_event(
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
