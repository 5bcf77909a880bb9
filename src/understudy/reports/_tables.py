"""The tables of the terminal report: by model, by test, by call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..calls import Status
from ._figures import Figures, Latency, Total, cost_of
from ._layout import Column, fits
from ._number_format import costs_alike, latency, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..events import CallEvent
    from ._summary import ModelFigures, OwnerFigures, Summary

OUTSIDE: Final = "(outside any test)"
_MODEL_WIDTH: Final = 22
_TEST_WIDTH: Final = 36
#: Where both stand in one row.
_SHORT_MODEL_WIDTH: Final = 16
_SHORT_TEST_WIDTH: Final = 22


def model_tables(models: Sequence[ModelFigures], width: int, *, full: bool) -> list[list[Column]]:
    """Make the table with one row for each model, two where it is too wide; `full`: with p95."""
    if not models:
        return []
    figures = [model.figures for model in models]
    names = Column("model", _model_names(models), name=_MODEL_WIDTH)
    counts, latencies = _counts(figures), _latencies(figures)[:: 1 if full else 2]
    if fits([names, *counts, *latencies], width):
        return [[names, *counts, *latencies]]
    timed = any(each.ttfc or each.duration for each in figures)
    return [[names, *counts], [names, *latencies]] if timed else [[names, *counts]]


def owner_columns(summary: Summary) -> list[Column]:
    """Make the table with one row for each test and fixture, and one for the rest."""
    owners = [*summary.tests, *summary.fixtures]
    names = [owner_name(owner) for owner in owners]
    figures = [owner.figures for owner in owners]
    if summary.outside:
        names.append(OUTSIDE)
        figures.append(summary.outside)
    return [
        Column("test", tuple(names), name=_TEST_WIDTH),
        *_counts(figures),
        _column("TTFC p95", figures, lambda f: _p95(f.ttfc), rank=3),
        Column("time", tuple(map(waited, figures)), rank=6),
    ]


def call_columns(attempts: Sequence[CallEvent]) -> list[Column]:
    """Make the table with one row for each attempt, in the order of their start.

    Origin and delay profile stand there where they differ.
    """

    def column(title: str, read: Callable[[CallEvent], str], rank: int = 0) -> Column:
        return Column(title, tuple(map(read, attempts)), rank, quiet=bool(rank))

    costs = iter(costs_alike([cost_of([event]) for event in attempts]))
    origins, profiles = {e.origin for e in attempts}, {e.profile for e in attempts}
    return [
        Column("model", tuple(event.model or "-" for event in attempts), name=_SHORT_MODEL_WIDTH),
        column("status", _status),
        column("attempt", lambda e: str(e.attempt) if e.attempt > 1 else "", 4),
        column("origin", lambda e: e.origin or "-" if len(origins) > 1 else "", 5),
        column("profile", lambda e: e.profile or "-" if len(profiles) > 1 else "", 1),
        column("input", lambda e: _known(e.input_tokens), 2),
        column("output", lambda e: _known(e.output_tokens), 3),
        column("cost", lambda _: next(costs), 8),
        column("TTFC", lambda e: _waited(e, e.ttfc_ms), 6),
        column("time", lambda e: _waited(e, e.duration_ms), 7),
        Column(
            "test", tuple(event.phase_id or OUTSIDE for event in attempts), name=_SHORT_TEST_WIDTH
        ),
    ]


def owner_name(owner: OwnerFigures) -> str:
    """Name a test or fixture, with its worker where several ran it, and its reruns."""
    worker = f" [{owner.worker}]" if owner.worker else ""
    reruns = f" (rerun {owner.reruns}x)" if owner.reruns else ""
    return f"{owner.name}{worker}{reruns}"


def waited(figures: Figures) -> str:
    """Write the sum of the durations, with a star where some answers were not a provider's."""
    return latency(figures.call_ms, measured=not figures.simulated)


def _latencies(figures: Sequence[Figures]) -> list[Column]:
    return [
        _column("TTFC p50", figures, lambda f: _p50(f.ttfc), rank=7),
        _column("TTFC p95", figures, lambda f: _p95(f.ttfc), rank=4),
        _column("time p50", figures, lambda f: _p50(f.duration), rank=6),
        _column("time p95", figures, lambda f: _p95(f.duration), rank=5),
    ]


def _counts(figures: Sequence[Figures]) -> list[Column]:
    costs = iter(costs_alike([each.cost for each in figures]))
    return [
        _column("calls", figures, lambda f: f"{f.calls:,}", rank=11),
        _column("errors", figures, _errors, rank=10),
        _column("input", figures, lambda f: tokens(f.input_tokens), rank=8),
        _column("output", figures, lambda f: tokens(f.output_tokens), rank=9),
        _column("cached", figures, lambda f: tokens(_known_part(f.cache_read_tokens)), rank=3),
        _column("reasoning", figures, lambda f: tokens(_known_part(f.reasoning_tokens)), rank=1),
        _column("cost", figures, lambda _: next(costs)),
    ]


def _errors(figures: Figures) -> str:
    """Write failed attempts; of how many, where these are more than the calls."""
    of = f" of {figures.attempts:,}" if figures.errors and figures.attempts != figures.calls else ""
    return f"{figures.errors:,}{of}"


def _column(
    title: str, figures: Iterable[Figures], read: Callable[[Figures], str], rank: int = 0
) -> Column:
    return Column(title, tuple(map(read, figures)), rank, quiet=title not in {"calls", "cost"})


def _model_names(models: Sequence[ModelFigures]) -> tuple[str, ...]:
    """Name models; those that several providers serve with the provider."""
    names = [model.model or "(unknown)" for model in models]
    return tuple(
        f"{model.provider}/{name}" if names.count(name) > 1 and model.provider else name
        for model, name in zip(models, names, strict=True)
    )


def _known_part(total: Total) -> Total:
    """Leave out what is missing: most providers do not say what they do not have."""
    return Total(total.value)


def _p50(figure: Latency | None) -> str:
    return "-" if figure is None else latency(figure.p50_ms, measured=figure.measured)


def _p95(figure: Latency | None) -> str:
    return "-" if figure is None else latency(figure.p95_ms, measured=figure.measured)


def _status(event: CallEvent) -> str:
    if event.status is Status.ERROR:
        return str(event.http_status or event.error_type or "error")
    return str(event.status)


def _waited(event: CallEvent, duration: float | None) -> str:
    return latency(duration, measured=not event.is_simulated)


def _known(count: int | None) -> str:
    return "n/a" if count is None else f"{count:,}"
