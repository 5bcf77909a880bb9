"""`understudy costs`, `forecast` and `trends`: what is paid for, and will be."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from ..clock import utc_now
from ._command import Commands, answer, finish
from ._selection import add_store, moment

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from ..analytics.costs import CostSettings

#: So many days are shown below trends.
_PLOTTED: Final = 14


def add_parser(commands: Commands, *, settings: Callable[[], CostSettings]) -> None:
    """Add the three commands; `settings` reads the table of budgets."""
    costs = commands.add_parser(
        "costs",
        help="show what was spent and saved, by model and by day",
        description="Show what live and recorded calls cost, and what mocked and replayed ones "
        "saved, since the month began or since a time.",
    )
    add_store(costs, "the calls are")
    costs.add_argument(
        "--since",
        metavar="TIME",
        type=moment,
        help="2026-03-14, 2026-03-14T09:26:53Z, 36h, 30d (default: when the month began)",
    )
    finish(costs, lambda arguments: _costs(arguments, settings()))
    forecast = commands.add_parser(
        "forecast",
        help="predict what this month will cost",
        description="Predict what the calls of this month will have cost at its end.",
    )
    add_store(forecast, "the calls are")
    finish(forecast, lambda arguments: _forecast(arguments, settings()))
    trends = commands.add_parser(
        "trends",
        help="compare spend, requests and tokens with the time before",
        description="Compare the last hour, day and week with those before them.",
    )
    add_store(trends, "the calls are")
    finish(trends, lambda arguments: _trends(arguments, settings()))


def _costs(arguments: argparse.Namespace, settings: CostSettings) -> int:
    from ..analytics.costs import period_of  # noqa: PLC0415 - other commands do without
    from ..reports.costs import costs_as_json, costs_lines, costs_of  # noqa: PLC0415
    from ..store import open_store  # noqa: PLC0415

    now, zone = utc_now(), settings.zone
    since = arguments.since or period_of("monthly", now, zone).start
    with open_store(arguments.store, create=False) as store:
        rows = store.statistics_by_model(since=since, until=now + timedelta(seconds=1))
        first, last = (each.astimezone(zone).date() for each in (since, now))
        history = store.spend_history
        spending = history.spending(zone, first=first, last=last)
        # Of the first day only what was later than `since`.
        end = min(datetime.combine(first + timedelta(days=1), time(), zone).astimezone(UTC), now)
        part = history.totals(since, end).spend if since < end else None
        location = store.location
    spending = replace(spending, by_day={**spending.by_day, first: part or 0})
    costs = costs_of(rows, spending, zone=zone, since=since, until=now)
    answer(arguments, {"store": location, **costs_as_json(costs)}, _drawn(costs_lines, costs))
    return 0


def _forecast(arguments: argparse.Namespace, settings: CostSettings) -> int:
    from ..analytics.costs import HISTORY_DAYS, forecast, period_of  # noqa: PLC0415 - as above
    from ..reports.costs import forecast_as_json, forecast_lines  # noqa: PLC0415
    from ..store import open_store  # noqa: PLC0415

    now = utc_now()
    period = period_of("monthly", now, settings.zone)
    first = period.first - timedelta(days=HISTORY_DAYS)
    with open_store(arguments.store, create=False) as store:
        spending = store.spend_history.spending(settings.zone, first=first, last=period.after)
        location = store.location
    found = forecast(spending, period=period, now=now, budget_nanousd=settings.monthly_nanousd)
    lines = _drawn(forecast_lines, found)
    answer(arguments, {"store": location, **forecast_as_json(found)}, lines)
    return 0


def _trends(arguments: argparse.Namespace, settings: CostSettings) -> int:
    from ..analytics.costs import trends_of  # noqa: PLC0415 - as above
    from ..reports.costs import spend_trends_as_json, spend_trends_lines  # noqa: PLC0415
    from ..store import open_store  # noqa: PLC0415

    now = utc_now()
    with open_store(arguments.store, create=False) as store:
        history = store.spend_history
        trends = trends_of(history.totals, now=now, since=history.since())
        today = now.astimezone(settings.zone).date()
        days = [today - timedelta(days=back) for back in reversed(range(_PLOTTED))]
        spending = history.spending(settings.zone, first=days[0], last=today)
        location = store.location
    shown = list(zip(days, spending.of(days), strict=True))
    shown = [each for each in shown if spending.since is not None and each[0] >= spending.since]
    lines = _drawn(partial(spend_trends_lines, days=shown), trends)
    answer(arguments, {"store": location, "trends": spend_trends_as_json(trends)}, lines)
    return 0


def _drawn(write: Callable[[Any, int], list[str]], found: object) -> list[str]:
    """Return the lines of what was found, with plots that standard output can show."""
    from ..reports.costs import in_plain  # noqa: PLC0415 - as above

    lines = write(found, shutil.get_terminal_size().columns)
    try:
        "".join(lines).encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeError:
        return list(map(in_plain, lines))
    return lines
