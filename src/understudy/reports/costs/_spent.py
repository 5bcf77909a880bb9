"""What calls cost since a moment, and what was saved."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from .._layout import Column, lay_out, wrap
from ._money import UNKNOWN, amount, as_json
from ._plot import plotted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from ...stats import Spending
    from ...store import ModelStatistics

_NAME_WIDTH = 24
_PAID = frozenset({"live", "recorded"})
_SAVED = frozenset({"mocked", "replayed"})


@dataclass(slots=True)
class ModelCosts:
    """What the calls of one model came to; None where none of them told."""

    provider: str | None
    model: str | None
    requests: int = 0
    spent_nanousd: int | None = None
    unpriced: int = 0
    tokens: int | None = None
    saved_requests: int = 0
    saved_nanousd: int | None = None

    def add(self, row: ModelStatistics) -> None:
        """Count calls of one origin; those that nobody answered cost nothing that is known."""
        if row.origin in _SAVED:
            self.saved_requests += row.calls
            self.saved_nanousd = _plus(self.saved_nanousd, row.cost_nanousd)
        elif row.origin in _PAID:
            self.requests += row.calls
            self.spent_nanousd = _plus(self.spent_nanousd, row.cost_nanousd)
            self.unpriced += max(row.with_usage - row.priced, 0)
            for tokens in (row.input_tokens, row.output_tokens):
                self.tokens = _plus(self.tokens, tokens)


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What was spent and saved from `since` until `until`, by model and by day of a zone."""

    zone: ZoneInfo
    since: datetime
    until: datetime
    models: Sequence[ModelCosts]
    days: Sequence[tuple[date, int]] = field(default=())

    def total(self, name: str) -> int | None:
        """Return the sum of a figure over all models, None where none of them has it."""
        found: int | None = None
        for model in self.models:
            found = _plus(found, getattr(model, name))
        return found


def costs_of(
    rows: Iterable[ModelStatistics],
    spending: Spending,
    *,
    zone: ZoneInfo,
    since: datetime,
    until: datetime,
) -> Costs:
    """Sum up, the dearest model first."""
    models: dict[tuple[str | None, str | None], ModelCosts] = {}
    for row in rows:
        key = (row.provider, row.model)
        models.setdefault(key, ModelCosts(*key)).add(row)
    counted = [each for each in models.values() if each.requests or each.saved_requests]
    counted.sort(key=lambda each: (-(each.spent_nanousd or 0), -(each.saved_nanousd or 0)))
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    days = [first + timedelta(days=each) for each in range((last - first).days + 1)]
    costs = list(zip(days, spending.of(days), strict=True))
    return Costs(zone=zone, since=since, until=until, models=counted, days=costs)


def costs_lines(costs: Costs, width: int) -> list[str]:
    """Return what was spent, what was saved, a row for each model and a plot of the days."""
    spent, saved = costs.total("spent_nanousd"), costs.total("saved_nanousd")
    unpriced = costs.total("unpriced")
    more = f" + {unpriced:,} unpriced" if unpriced else ""
    lines = [
        f"spent   {amount(spent)}{more}, {costs.total('requests') or 0:,} requests since "
        f"{costs.since.astimezone(costs.zone):%Y-%m-%d %H:%M} ({costs.zone.key})",
        f"saved   {amount(saved)}, {costs.total('saved_requests') or 0:,} mocked or replayed",
    ]
    lines = [each for line in lines for each in wrap(line, width, indent=8)]
    if costs.models:
        lines += ["", *_table(costs.models, width)]
    if len(costs.days) > 1:
        lines += ["", plotted(costs.days, width)]
    return lines


def costs_as_json(costs: Costs) -> dict[str, Any]:
    """Return the same as values of JSON."""
    return {
        "zone": costs.zone.key,
        "since": costs.since.isoformat(),
        "until": costs.until.isoformat(),
        **as_json("spent", costs.total("spent_nanousd")),
        **as_json("saved", costs.total("saved_nanousd")),
        "requests": costs.total("requests") or 0,
        "saved_requests": costs.total("saved_requests") or 0,
        "unpriced": costs.total("unpriced") or 0,
        "tokens": costs.total("tokens"),
        "models": [
            {
                "provider": each.provider,
                "model": each.model,
                "requests": each.requests,
                **as_json("spent", each.spent_nanousd),
                "unpriced": each.unpriced,
                "tokens": each.tokens,
                "saved_requests": each.saved_requests,
                **as_json("saved", each.saved_nanousd),
            }
            for each in costs.models
        ],
        "days": [{"day": day.isoformat(), **as_json("spent", cost)} for day, cost in costs.days],
    }


def _table(models: Sequence[ModelCosts], width: int) -> list[str]:
    columns = [
        Column("provider", tuple(each.provider or "unknown" for each in models), name=12),
        Column("model", tuple(each.model or "unknown" for each in models), name=_NAME_WIDTH),
        Column("requests", tuple(f"{each.requests:,}" for each in models), rank=3),
        Column("spent", tuple(amount(each.spent_nanousd) for each in models)),
        Column("unpriced", tuple(f"{each.unpriced:,}" for each in models), quiet=True),
        Column("tokens", tuple(_number(each.tokens) for each in models), rank=2),
        Column("saved", tuple(amount(each.saved_nanousd) for each in models), rank=4),
        Column("saved requests", tuple(f"{each.saved_requests:,}" for each in models), rank=1),
    ]
    return lay_out(columns, width)


def _number(value: int | None) -> str:
    return UNKNOWN if value is None else f"{value:,}"


def _plus(first: int | None, second: int | None) -> int | None:
    if first is None or second is None:
        return first if second is None else second
    return first + second
