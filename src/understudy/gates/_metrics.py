"""Our metrics, a row each, and those that plugins register."""

from __future__ import annotations

from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from ..calls import CHANGED, SILENT, Status
from ..errors import RegistrationError
from ..pricing import is_billable
from ._metric import Family, Metric, Sum

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ..events import CallEvent
    from ..events.lifecycle import AnyLifecycleEvent

_MICROSECONDS: Final = 1000
_NANOSECONDS: Final = 1_000_000


def _one(_: CallEvent) -> int:
    return 1


def _changed(call: CallEvent) -> int | None:
    return 1 if call.cassette_verdict == CHANGED else None


def _writes(call: CallEvent) -> bool:
    """Tell whether an answer should say how much was written."""
    return is_billable(call) and call.operation not in SILENT


def _longest_wait(calls: Iterable[CallEvent]) -> int | None:
    waits = [call.ttfc_ms for call in calls if call.ttfc_ms is not None]
    return round(max(waits) * _MICROSECONDS) if waits else None


def _time_of_all(calls: Iterable[CallEvent]) -> int | None:
    spans = [call.duration_ms for call in calls if call.duration_ms is not None]
    return sum(round(span * _MICROSECONDS) for span in spans) if spans else None


def _pace(calls: Iterable[CallEvent]) -> int | None:
    """Divide the time of the answers by their tokens."""
    paced = [call for call in calls if _is_paced(call)]
    spans = sum(call.duration_ms or 0 for call in paced)
    tokens = sum(call.output_tokens or 0 for call in paced)
    return round(spans * _NANOSECONDS / tokens) if tokens else None


def _pace_of(call: CallEvent) -> float | None:
    return (call.duration_ms or 0) / (call.output_tokens or 1) if _is_paced(call) else None


def _is_paced(call: CallEvent) -> bool:
    return (
        call.status is Status.OK
        and call.duration_ms is not None
        and bool(call.output_tokens)
        and call.operation not in SILENT
    )


def _is_repair(event: AnyLifecycleEvent) -> bool:
    """Tell whether the model was asked to do better; what was only sent again is an attempt."""
    return event.event_type == "llm_repair_attempt" and event.cause != "transport"


def _is_failover(event: AnyLifecycleEvent) -> bool:
    return event.event_type == "llm_provider_failover"


def _is_failed_check(event: AnyLifecycleEvent) -> bool:
    return event.event_type == "llm_validation_result" and not event.passed


def _tokens(
    name: str, *, gated: bool = True, expected: Callable[[CallEvent], bool] = is_billable
) -> Metric:
    sums = Sum(of=attrgetter(name), expected=expected)
    return Metric(name=name, unit="tokens", family=Family.COUNT, gated=gated, sums=sums)


#: The names of those that are measured by more than their row.
ATTEMPTS: Final = "attempts"
COST: Final = "cost"
PREDICTIONS: Final = "predictions"
SMAPE: Final = "smape"

_BUILT_IN: Final = (
    Metric(name="calls", unit="calls", family=Family.COUNT, sums=Sum(of=_one, once=True)),
    Metric(
        name=ATTEMPTS,
        unit=ATTEMPTS,
        family=Family.COUNT,
        sums=Sum(of=_one),
        explain=lambda values: f"{values[ATTEMPTS] - values['calls']:,} of them retries",
    ),
    Metric(
        name="changed_requests",
        unit="attempts",
        family=Family.COUNT,
        sparse=True,
        sums=Sum(of=_changed, expected=lambda _: False),
        explain=lambda _: (
            "the cassette plays the answer to another question than is asked now, as it does not"
            " compare bodies: its tokens and cost are those of the old one; record it anew"
        ),
    ),
    _tokens("input_tokens"),
    _tokens("output_tokens", expected=_writes),
    # Of two prompts of one length the one that is cached costs less: cost judges these.
    _tokens("cache_read_tokens", gated=False),
    _tokens("cache_write_tokens", gated=False),
    _tokens("reasoning_tokens", expected=_writes),
    Metric(
        name=COST,
        unit="USD",
        scale=1_000_000_000,
        family=Family.COST,
        sums=Sum(of=attrgetter("cost_nanousd"), missing="no price for {model}"),
    ),
    Metric(
        name="ttfc",
        unit="ms",
        scale=_MICROSECONDS,
        family=Family.LATENCY,
        total="max",
        measure=_longest_wait,
        sample=attrgetter("ttfc_ms"),
    ),
    Metric(
        name="duration",
        unit="ms",
        scale=_MICROSECONDS,
        family=Family.LATENCY,
        measure=_time_of_all,
        sample=attrgetter("duration_ms"),
    ),
    # With a think time before the first token, a shorter answer takes more of it a token.
    Metric(
        name="ms_per_token",
        unit="ms",
        scale=_NANOSECONDS,
        family=Family.LATENCY,
        gated=False,
        weighted_by="output_tokens",
        measure=_pace,
        sample=_pace_of,
    ),
    Metric(
        name=SMAPE,
        unit="%",
        scale=10_000,
        family=Family.ACCURACY,
        weighted_by=PREDICTIONS,
        explain=lambda values: f"mean over predictions of {values[PREDICTIONS]:,} calls",
    ),
    Metric(name=PREDICTIONS, unit="calls", family=Family.ASIDE, gated=False),
    Metric(name="repairs", unit="repairs", family=Family.COUNT, sparse=True, events=_is_repair),
    Metric(
        name="failovers", unit="failovers", family=Family.COUNT, sparse=True, events=_is_failover
    ),
    Metric(
        name="validation_failures",
        unit="validation_failures",
        family=Family.COUNT,
        sparse=True,
        events=_is_failed_check,
    ),
)
METRICS: Final[Mapping[str, Metric]] = MappingProxyType(
    {metric.name: metric for metric in _BUILT_IN}
)
#: What is kept for each model, in the order of the files.
BY_MODEL: Final = tuple(metric.name for metric in _BUILT_IN if metric.by_model)


class RegisteredMetrics:
    """Takes metrics; pass the bound `register` to the hook `register_metrics`."""

    def __init__(self) -> None:
        self._own: dict[str, Metric] = {}

    def register(
        self,
        name: str,
        measure: Callable[[Sequence[CallEvent]], float | None],
        *,
        unit: str = "",
        direction: Literal["lower", "higher"] = "lower",
        timed: bool = False,
        gated: bool = True,
    ) -> None:
        """Add a metric: `measure` reads its figure off the calls of one test, None for unknown.

        `direction` is the better one. `timed` figures are read off a clock, and judged as
        latencies are. Where it is not `gated`, it is judged only where a policy names it.

        Raises:
            RegistrationError: the name is no identifier or taken, or nothing can be called.
        """
        if not name.isidentifier() or name in self.metrics:
            why = "taken" if name in self.metrics else "no identifier"
            msg = f"register_metrics: the name {name!r} is {why}."
            raise RegistrationError(msg)
        is_usable = callable(measure)
        if not is_usable or direction not in {"lower", "higher"}:
            msg = (
                f"register_metrics: {name!r} needs a function of the calls of a test,"
                " and direction 'lower' or 'higher'."
            )
            raise RegistrationError(msg)
        self._own[name] = Metric(
            name=name,
            unit=unit,
            family=Family.TIMED if timed else Family.OWN,
            measure=measure,
            higher_is_better=direction == "higher",
            gated=gated,
        )

    @property
    def metrics(self) -> Mapping[str, Metric]:
        """All metrics by name, ours first."""
        return {**METRICS, **self._own}
