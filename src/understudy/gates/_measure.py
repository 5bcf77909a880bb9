"""From the calls of a run to the figures of its tests."""

from __future__ import annotations

from collections import defaultdict
from math import fsum
from numbers import Integral, Real
from typing import TYPE_CHECKING, Final, TypeVar

from ..calls import Status
from ._circumstance import circumstance_of
from ._metric import Family, Figures, Kind, Metric, Sum
from ._metrics import ATTEMPTS, COST, METRICS, PREDICTIONS, SMAPE
from ._run import FIXTURE, RanTest, Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..events import CallEvent, TokenEstimate
    from ..events.lifecycle import AnyLifecycleEvent

_Record = TypeVar("_Record", bound="CallEvent | TokenEstimate | AnyLifecycleEvent")

_SUMMED: Final = tuple((metric, metric.sums) for metric in METRICS.values() if metric.sums)
#: Of further attempts of a call.
_SUMMED_AGAIN: Final = tuple(each for each in _SUMMED if not each[1].once)
_LATENCIES: Final = tuple(
    (metric, metric.measure, metric.sample)
    for metric in METRICS.values()
    if metric.family is Family.LATENCY and metric.measure and metric.sample
)
_SPARSE: Final = tuple(metric.name for metric in METRICS.values() if metric.sparse)
_COUNTED: Final = tuple((metric, metric.events) for metric in METRICS.values() if metric.events)
_UNTOLD: Final = "--llm-lifecycle was not on, so nobody told of it"
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
    told = last_instances(run.lifecycle or (), run.run_facts.tests)
    registered = [metric for metric in metrics.values() if metric.is_registered]
    figures = {}
    for subject, instances in owned.items():
        estimates = [each for group in predicted.get(subject, ()) for each in group]
        several = [
            _measure(subject, calls, estimates, registered, run.run_facts.replay_speed)
            for calls in instances
        ]
        figures[subject] = several[0] if len(several) == 1 else _largest(several)
        if run.lifecycle is None:
            figures[subject].unknown |= dict.fromkeys([each.name for each, _ in _COUNTED], _UNTOLD)
        elif subject in told:
            _count_events(figures[subject], max(told[subject], key=len))
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


def last_instances(
    records: Iterable[_Record], tests: Mapping[str, RanTest]
) -> dict[str, list[list[_Record]]]:
    """Group what belongs to a phase by the phase, then by how often it took place.

    A test took place once, in its last rerun, unless several workers ran it; a fixture of
    wider scope as often as it was set up, which `rerun` counts.
    """
    grouped: dict[str, dict[tuple[str, int], list[_Record]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for record in records:
        if record.phase_id is not None:
            grouped[record.phase_id][record.worker, record.rerun].append(record)
    found = {
        phase: list(by_place.values())
        if phase.startswith(FIXTURE)
        else _last(by_place, tests[phase].rerun if phase in tests else None)
        for phase, by_place in grouped.items()
    }
    return {phase: instances for phase, instances in found.items() if instances}


def _last(by_place: dict[tuple[str, int], list[_Record]], rerun: int | None) -> list[list[_Record]]:
    if len(by_place) == 1 and rerun is None:
        return list(by_place.values())
    last = max(rerun for _, rerun in by_place) if rerun is None else rerun
    return [records for (_, number), records in by_place.items() if number == last]


def _measure(
    subject: str,
    calls: Sequence[CallEvent],
    estimates: Sequence[TokenEstimate],
    registered: Iterable[Metric],
    replay_speed: float,
) -> Figures:
    figures = Figures(subject=subject, how=circumstance_of(calls, replay_speed))
    _classify(figures, calls)
    _add_up(figures, calls)
    _time(figures, calls)
    _measure_accuracy(figures, estimates, {call.call_id for call in calls})
    for metric in registered:
        _ask(figures, metric, calls)
    return figures


def _classify(figures: Figures, calls: Sequence[CallEvent]) -> None:
    """Choose the kinds by where the answers came from and which clock timed them."""
    ours = [call for call in calls if call.is_simulated]
    paid = [call for call in calls if call.is_paid]
    if paid:
        figures.counts, figures.latency, figures.accuracy = Kind.NOISY, Kind.NOISY, Kind.PAIRED
    elif ours and all(call.clock == "virtual" for call in ours):
        figures.latency = Kind.EXACT
    if any(call.origin is None and call.status is Status.OK for call in calls):
        figures.counts = figures.accuracy = Kind.SHOWN
        figures.remark = _UNSEEN
    elif any(call.usage_source == "estimated" for call in paid):
        figures.counts = figures.accuracy = Kind.SHOWN
        figures.remark = _GUESSED
    elif figures.latency is Kind.SHOWN:
        figures.remark = _OWN_MACHINE


def _add_up(figures: Figures, calls: Sequence[CallEvent]) -> None:
    """Add up what is a sum over calls, for each model and in all."""
    names = _model_names(calls)
    begun: set[str] = set()
    for call in calls:
        sums = figures.models.setdefault(names[call.call_id], {})
        _add(figures, sums, call, _SUMMED if call.call_id not in begun else _SUMMED_AGAIN)
        begun.add(call.call_id)
    for sums in figures.models.values():
        for name in figures.unknown:
            sums.pop(name, None)
        for name, value in sums.items():  # what no call had to tell is no figure, and not 0
            figures.values[name] = figures.values.get(name, 0) + value
    for name in _SPARSE:
        if not figures.values.get(name):
            figures.values.pop(name, None)


def _add(
    figures: Figures, sums: dict[str, int], call: CallEvent, metrics: Iterable[tuple[Metric, Sum]]
) -> None:
    for metric, each in metrics:
        name, value = metric.name, each.of(call)
        if value is not None:
            sums[name] = sums.get(name, 0) + value
        elif name not in figures.unknown and each.expected(call):
            why = each.missing.format(metric=name, model=call.model or "a call")
            figures.unknown[name] = why


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


def _time(figures: Figures, calls: Sequence[CallEvent]) -> None:
    """Read the latencies: of live calls, also one by one, where there is one, else of ours."""
    if figures.latency is Kind.NOISY:
        calls = [call for call in calls if call.is_paid]
    for metric, measure, sample in _LATENCIES:
        value = measure(calls)
        if value is not None:
            figures.timed[metric.name] = value
        if figures.latency is Kind.NOISY:
            found = [sample(call) for call in calls if call.status is Status.OK]
            known = [each for each in found if each is not None]
            if known:
                figures.samples[metric.name] = known


def _measure_accuracy(figures: Figures, estimates: Iterable[TokenEstimate], made: set[str]) -> None:
    known = [each for each in estimates if each.call_id in made]
    if not known:
        return
    figures.values[PREDICTIONS] = len(known)
    scored = [each.smape_percent for each in known if each.smape_percent is not None]
    figures.pairs = [
        (each.predicted_output_tokens, each.actual_output_tokens)
        for each in known
        if each.actual_output_tokens is not None
    ]
    if len(scored) < len(known):
        figures.unknown[SMAPE] = "a prediction has no answer with usage to compare with"
    else:
        figures.values[SMAPE] = round(fsum(scored) * METRICS[SMAPE].scale / len(scored))


def _count_events(figures: Figures, events: Sequence[AnyLifecycleEvent]) -> None:
    """Count what was told of operations."""
    for metric, is_counted in _COUNTED:
        number = sum(map(is_counted, events))
        if number:
            figures.values[metric.name] = number


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
    largest = max(several, key=lambda each: (each.values.get(COST, 0), each.values[ATTEMPTS]))
    for name in largest.values:
        largest.values[name] = max(each.values.get(name, 0) for each in several)
    for name in largest.timed:
        largest.timed[name] = max(each.timed.get(name, 0) for each in several)
    return largest
