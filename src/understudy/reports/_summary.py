"""The summary of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..analytics import Overview
    from ..events import CallEvent
    from ._figures import Figures, Total


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
