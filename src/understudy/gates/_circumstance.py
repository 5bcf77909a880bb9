"""Clock and pace of what is timed: which recorded latencies today's may be held against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..calls import Origin
from ._finding import Finding, Verdict
from ._metric import Figures, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..events import CallEvent
    from ._run import RunFacts
    from .baseline import Recorded

_NOTHING: Final[Mapping[str, float]] = {}

Comparable = tuple["Mapping[str, float]", str, Finding | None]


def circumstance_of(calls: Iterable[CallEvent], replay_speed: float) -> str:
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


def comparable_latency(figures: Figures, recorded: Recorded, run_facts: RunFacts) -> Comparable:
    """Return the recorded latencies, a remark on what differs, and why they may not compare.

    Another clock or replay speed is another circumstance. Another profile on the same clock is
    judged; where this run asked for it, only for the worse: what is no slower is told to be
    another circumstance.
    """
    if not recorded.timed:
        return _NOTHING, "", None
    if figures.latency is not Kind.EXACT:
        return _NOTHING, "", _mismatch(figures, recorded)
    if figures.how in recorded.timed:
        pace = _pace(figures.how)
        return recorded.timed[figures.how], f"at the same pace, {pace}" if pace else "", None
    others = [how for how in recorded.timed if _clock(how) == _clock(figures.how)]
    if len(others) != 1 or _is_replay(figures.how) or _is_replay(others[0]):
        return _NOTHING, "", _mismatch(figures, recorded)
    remark = f"its profile was {_pace(others[0]) or 'none'}, now {_pace(figures.how) or 'none'}"
    was_asked_for = run_facts.profile in _pace(figures.how).split(",")
    return (
        recorded.timed[others[0]],
        remark,
        _mismatch(figures, recorded) if was_asked_for else None,
    )


def _is_replay(how: str) -> bool:
    return any(map(_is_speed, _pace(how).split(",")))


def _is_speed(pace: str) -> bool:
    return pace.startswith("x") and pace[1:].replace(".", "").isdigit()


def _clock(how: str) -> str:
    return how.partition(":")[0]


def _pace(how: str) -> str:
    return how.partition(":")[2]


def _mismatch(figures: Figures, recorded: Recorded) -> Finding:
    known = ", ".join(sorted(recorded.timed))
    now = figures.how or "live"
    return Finding(
        verdict=Verdict.ENV_MISMATCH,
        subject=figures.subject,
        metric="latency",
        reason=f"the baseline was taken as {known}, this run as {now}: not compared",
        advice="run with the baseline's --llm-clock, --llm-profile and --llm-replay-speed",
    )
