"""The summary of a run, and how it is made of its events."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..analytics import Overview, overview_of
from ..calls import Origin
from ..events import AnyEvent, CallEvent, TokenEstimate
from ..pricing import is_billable, is_unpriced
from ._figures import Figures, Total, cost_of, figures_of, last_attempts
from ._models import by_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


_FIXTURE: Final = "fixture:"


@dataclass(frozen=True, slots=True)
class ModelFigures:
    """Figures of one model of one provider; None where a call names neither."""

    provider: str | None
    model: str | None
    figures: Figures


@dataclass(frozen=True, slots=True)
class OwnerFigures:
    """Figures of one test, or of one fixture of wider scope (`fixture:<name>`).

    `reruns` counts how often the test was run again. `worker` is None unless several
    workers ran it.
    """

    name: str
    worker: str | None
    reruns: int
    figures: Figures


@dataclass(frozen=True, slots=True)
class Unknown:
    """Calls of a model for which something is unknown, and why where that is known."""

    model: str | None
    calls: int
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the calls of a run asked, waited and paid.

    `models` are sorted by cost, `tests` and `fixtures` by their first call. `spent` is
    the cost of answers from a provider, `saved` the list price of those replayed or
    mocked. `outside` are calls that belong to no test and no fixture. `unpriced` leaves
    out the calls that have no usage either; these are in `without_usage`. `estimates` is None
    where nobody predicted a call.
    """

    totals: Figures
    models: tuple[ModelFigures, ...]
    tests: tuple[OwnerFigures, ...]
    fixtures: tuple[OwnerFigures, ...]
    outside: Figures | None
    origins: dict[str, int]
    spent: Total | None
    saved: Total | None
    unpriced: tuple[Unknown, ...]
    without_usage: tuple[Unknown, ...]
    estimated_calls: int
    attempts: tuple[CallEvent, ...]
    estimates: Overview | None = None


def summarise(
    events: Iterable[AnyEvent],
    *,
    why_unpriced: Callable[[CallEvent], str | None] | None = None,
    estimates: Sequence[TokenEstimate] = (),
) -> Summary:
    """Sum up the calls among `events`; `why_unpriced` says why one has no price."""
    attempts = sorted((e for e in events if isinstance(e, CallEvent)), key=lambda e: e.ts)
    owners = _owners(attempts)
    outside = [event for event in attempts if event.phase_id is None]
    paid = [event for event in attempts if event.is_paid]
    stood_in = [event for event in attempts if event.is_simulated]
    return Summary(
        totals=figures_of(attempts),
        models=_models(attempts),
        tests=tuple(owner for owner in owners if not owner.name.startswith(_FIXTURE)),
        fixtures=tuple(owner for owner in owners if owner.name.startswith(_FIXTURE)),
        outside=figures_of(outside) if outside else None,
        origins=_origins(attempts),
        spent=cost_of(paid) if paid else None,
        saved=cost_of(stood_in) if stood_in else None,
        unpriced=_unknown(
            (e for e in attempts if is_unpriced(e) and not _says_nothing(e)), why_unpriced
        ),
        without_usage=_unknown(e for e in attempts if is_billable(e) and _says_nothing(e)),
        estimated_calls=len({e.call_id for e in attempts if e.usage_source == "estimated"}),
        attempts=tuple(attempts),
        estimates=overview_of(estimates) if estimates else None,
    )


def _models(attempts: Sequence[CallEvent]) -> tuple[ModelFigures, ...]:
    groups = by_model(attempts).items()
    models = [ModelFigures(*key, figures_of(events)) for key, events in groups]
    return tuple(sorted(models, key=lambda m: (-(m.figures.cost.value or 0), m.model or "")))


def _owners(attempts: Iterable[CallEvent]) -> list[OwnerFigures]:
    groups: dict[tuple[str, str], list[CallEvent]] = defaultdict(list)
    for event in attempts:
        if event.phase_id is not None:
            groups[event.phase_id, event.worker].append(event)
    workers = Counter(name for name, _ in groups)
    return [
        OwnerFigures(
            name=name,
            worker=worker if workers[name] > 1 else None,
            reruns=0 if name.startswith(_FIXTURE) else max(event.rerun for event in events),
            figures=figures_of(events),
        )
        for (name, worker), events in groups.items()
    ]


def _origins(attempts: Iterable[CallEvent]) -> dict[str, int]:
    """Count logical calls by where the answer came from; `none`, the last, from nowhere."""
    found = Counter(str(event.origin or "none") for event in last_attempts(attempts))
    return {name: found[name] for name in (*Origin, "none") if found[name]}


def _unknown(
    attempts: Iterable[CallEvent], why: Callable[[CallEvent], str | None] | None = None
) -> tuple[Unknown, ...]:
    """Count the calls that attempts belong to, by model and by `why` something is unknown."""
    calls: dict[tuple[str | None, str | None], set[str]] = defaultdict(set)
    for event in attempts:
        calls[event.model, why(event) if why else None].add(event.call_id)
    return tuple(Unknown(model, len(ids), reason) for (model, reason), ids in calls.items())


def _says_nothing(event: CallEvent) -> bool:
    return event.input_tokens is None and event.output_tokens is None and not event.usage_raw
