"""What is read off a clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..calls import Operation, Origin, Status
from ._metric import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..events import CallEvent
    from ._figures import Figures

_MICROSECONDS: Final = 1000
_NANOSECONDS: Final = 1_000_000


def clock_work(calls: Iterable[CallEvent], replay_speed: float) -> str:
    """Name the clock of the calls that we answered, and what set their pace."""
    clocks: set[str] = set()
    paces: set[str] = set()
    for call in calls:
        if call.origin is Origin.MOCKED:
            paces.add(call.profile or "")
        elif call.origin is Origin.REPLAYED:
            paces.add(f"x{replay_speed:g}")
        else:
            continue
        clocks.add(call.clock)
    pace = ",".join(sorted(paces - {""}))
    return ":".join(filter(None, ("+".join(sorted(clocks)), pace)))


def measure_latency(figures: Figures, calls: Sequence[CallEvent]) -> None:
    """Read the latencies: of live calls where there is one, else of those we answered.

    `ttfc` is the longest wait for first content, `duration` the sum of all attempts.
    """
    if figures.latency is Kind.NOISY:
        calls = [call for call in calls if call.is_paid]
        _sample(figures, calls)
    waits = [call.ttfc_ms for call in calls if call.ttfc_ms is not None]
    spans = [call.duration_ms for call in calls if call.duration_ms is not None]
    if waits:
        figures.timed["ttfc"] = round(max(waits) * _MICROSECONDS)
    if spans:
        figures.timed["duration"] = sum(round(span * _MICROSECONDS) for span in spans)
    _pace(figures, calls)


def _pace(figures: Figures, calls: Iterable[CallEvent]) -> None:
    """Divide the time of the answers by their tokens."""
    spans, tokens = 0.0, 0
    for call in calls:
        if _is_paced(call):
            spans += call.duration_ms or 0
            tokens += call.output_tokens or 0
    if tokens:
        figures.timed["ms_per_token"] = round(spans * _NANOSECONDS / tokens)


def _sample(figures: Figures, calls: Iterable[CallEvent]) -> None:
    """Keep the latencies of live calls one by one, in ms."""
    for call in calls:
        if call.status is not Status.OK:
            continue
        if call.ttfc_ms is not None:
            figures.samples.setdefault("ttfc", []).append(call.ttfc_ms)
        if call.duration_ms is not None:
            figures.samples.setdefault("duration", []).append(call.duration_ms)
            if _is_paced(call):
                pace = call.duration_ms / (call.output_tokens or 1)
                figures.samples.setdefault("ms_per_token", []).append(pace)


def _is_paced(call: CallEvent) -> bool:
    return (
        call.status is Status.OK
        and call.duration_ms is not None
        and bool(call.output_tokens)
        and call.operation is not Operation.EMBEDDINGS
    )
