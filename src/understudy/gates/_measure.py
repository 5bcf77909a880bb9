"""From the calls of a run to the figures of its tests."""

from __future__ import annotations

from math import fsum
from numbers import Integral, Real
from typing import TYPE_CHECKING, Final

from ..calls import Operation, Origin, Status
from ..pricing import is_billable
from ._attempts import last_instances
from ._figures import Figures
from ._latency import clock_work, measure_latency
from ._metric import METRICS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..events import CallEvent, TokenEstimate
    from ._metric import Metric
    from ._run import Run

_WRITTEN: Final = frozenset({"output_tokens", "reasoning_tokens"})
_COUNTS: Final = (
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
)
_ADDED_UP: Final = ("calls", "attempts", *_COUNTS, "cost")
_OURS: Final = frozenset({Origin.MOCKED, Origin.REPLAYED})
_GUESSED: Final = "the usage of its live calls is estimated, and a guess is not judged"
_UNSEEN: Final = "a tracker told of its calls, and nobody saw where their answers came from"
_OWN_MACHINE: Final = (
    "mocked and replayed calls on the real clock take what this machine takes;"
    " --llm-clock=virtual makes their latency exact"
)


def measure_run(run: Run, metrics: Mapping[str, Metric] = METRICS) -> dict[str, Figures]:
    """Return the figures of every test and wide fixture that made a call, by its name.

    The last rerun of a test counts. Where several workers ran it, the largest figure does.
    """
    owned = last_instances(run.calls, run.run_facts.tests)
    predicted = last_instances(run.estimates, run.run_facts.tests)
    registered = [metric for metric in metrics.values() if metric.measure is not None]
    figures = {}
    for subject, instances in owned.items():
        estimates = [each for group in predicted.get(subject, ()) for each in group]
        several = [
            _measure(subject, calls, estimates, registered, run.run_facts.replay_speed)
            for calls in instances
        ]
        figures[subject] = several[0] if len(several) == 1 else _largest(several)
    return figures


def measure_rounds(
    rounds: Sequence[Sequence[CallEvent]], estimates: Sequence[Sequence[TokenEstimate]]
) -> Figures | None:
    """Return the figures of one of several rounds of the same calls, the largest of each.

    None where no round made a call.
    """
    several = [
        _measure(calls[0].phase_id or "", calls, predicted, (), 0.0)
        for calls, predicted in zip(rounds, estimates, strict=True)
        if calls
    ]
    if not several:
        return None
    largest = _largest(several)
    for name in largest.samples:
        largest.samples[name] = [x for each in several for x in each.samples.get(name, ())]
    return largest


def _measure(
    subject: str,
    calls: Sequence[CallEvent],
    estimates: Sequence[TokenEstimate],
    registered: Iterable[Metric],
    replay_speed: float,
) -> Figures:
    figures = Figures(subject=subject)
    _classify(figures, calls)
    figures.how = clock_work(calls, replay_speed)
    _count(figures, calls)
    measure_latency(figures, calls)
    _measure_accuracy(figures, estimates, {call.call_id for call in calls})
    for metric in registered:
        _ask(figures, metric, calls)
    return figures


def _classify(figures: Figures, calls: Iterable[CallEvent]) -> None:
    """Choose the kinds by where the answers came from and which clock timed them."""
    origins = {call.origin for call in calls}
    if any(call.is_paid for call in calls):
        figures.counts, figures.latency, figures.accuracy = Kind.NOISY, Kind.NOISY, Kind.PAIRED
    elif origins & _OURS and all(call.clock == "virtual" for call in calls if call.origin in _OURS):
        figures.latency = Kind.EXACT
    if any(call.origin is None and call.status is Status.OK for call in calls):
        figures.counts = figures.accuracy = Kind.SHOWN
        figures.remark = _UNSEEN
    elif any(call.is_paid and call.usage_source == "estimated" for call in calls):
        figures.counts = figures.accuracy = Kind.SHOWN
        figures.remark = _GUESSED
    elif figures.latency is Kind.SHOWN:
        figures.remark = _OWN_MACHINE


def _count(figures: Figures, calls: Sequence[CallEvent]) -> None:
    """Add up calls, attempts, tokens and cost, for each model and in all."""
    names = _model_names(calls)
    begun: set[str] = set()
    for call in calls:
        sums = figures.models.setdefault(names[call.call_id], {"calls": 0, "attempts": 0})
        if call.call_id not in begun:
            begun.add(call.call_id)
            sums["calls"] += 1
        sums["attempts"] += 1
        _add(figures, sums, call)
    known = [name for name in _ADDED_UP if name not in figures.unknown]
    figures.values |= dict.fromkeys(known, 0)
    for sums in figures.models.values():
        for name in known:
            figures.values[name] += sums.get(name, 0)
        for name in figures.unknown:
            sums.pop(name, None)


def _add(figures: Figures, sums: dict[str, int], call: CallEvent) -> None:
    for name in _COUNTS:
        value = getattr(call, name)
        if value is not None:
            sums[name] = sums.get(name, 0) + value
        elif name not in figures.unknown and _should_say(call, name):
            figures.unknown[name] = f"no {name} in the answer of {call.model or 'a call'}"
    if call.cost_nanousd is not None:
        sums["cost"] = sums.get("cost", 0) + call.cost_nanousd
    elif "cost" not in figures.unknown and is_billable(call):
        figures.unknown["cost"] = f"no price for {call.model or 'a call'}"


def _should_say(call: CallEvent, name: str) -> bool:
    return is_billable(call) and not (name in _WRITTEN and call.operation is Operation.EMBEDDINGS)


def _model_names(calls: Iterable[CallEvent]) -> dict[str, str]:
    """Name the model of each logical call; a failed attempt may know only an alias of it."""
    names: dict[str, str] = {}
    answered: set[str] = set()
    for call in calls:
        if call.call_id not in answered:
            names[call.call_id] = f"{call.provider or 'unknown'}/{call.model or 'unknown'}"
        if call.response_model:
            answered.add(call.call_id)
    return names


def _measure_accuracy(figures: Figures, estimates: Iterable[TokenEstimate], made: set[str]) -> None:
    known = [each for each in estimates if each.call_id in made]
    if not known:
        return
    figures.values["predictions"] = len(known)
    scored = [each.smape_percent for each in known if each.smape_percent is not None]
    figures.pairs = [
        (each.predicted_output_tokens, each.actual_output_tokens)
        for each in known
        if each.actual_output_tokens is not None
    ]
    if len(scored) < len(known):
        figures.unknown["smape"] = "a prediction has no answer with usage to compare with"
    else:
        scale = METRICS["smape"].scale
        figures.values["smape"] = round(fsum(scored) * scale / len(scored))


def _ask(figures: Figures, metric: Metric, calls: Sequence[CallEvent]) -> None:
    """Let a metric of the user's read its figure."""
    assert metric.measure is not None
    try:
        value = metric.measure(calls)
    except Exception as error:  # noqa: BLE001 - the user's code: said where it is missed
        figures.unknown[metric.name] = f"the metric raised {type(error).__name__}: {error}"
        return
    if isinstance(value, Integral | Real):
        figure = int(value) if isinstance(value, Integral) else float(value)
        (figures.timed if metric.timed else figures.values)[metric.name] = figure
    else:
        figures.unknown[metric.name] = f"the metric gave {value!r}"


def _largest(several: Sequence[Figures]) -> Figures:
    """Make one of the figures of a fixture that several workers set up."""
    largest = max(several, key=lambda each: (each.values.get("cost", 0), each.values["attempts"]))
    for name in largest.values:
        largest.values[name] = max(each.values.get(name, 0) for each in several)
    for name in largest.timed:
        largest.timed[name] = max(each.timed.get(name, 0) for each in several)
    return largest
