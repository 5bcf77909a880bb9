"""`understudy costs`, `forecast` and `trends`: what is paid for, and will be."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

from ..clock import utc_now
from ._command import Commands, answer, finish
from ._selection import add_store, moment

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from ..analytics.costs import CostSettings


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
    finish(trends, _trends)


def _costs(arguments: argparse.Namespace, settings: CostSettings) -> int:
    from ..analytics.costs import period_of  # noqa: PLC0415 - other commands do without
    from ..reports.costs import costs_as_json, costs_lines, costs_of  # noqa: PLC0415
    from ..store import open_store  # noqa: PLC0415

    now, zone = utc_now(), settings.zone
    since = arguments.since or period_of("monthly", now, zone).start
    with open_store(arguments.store, create=False) as store:
        rows = store.statistics_by_model(since=since, until=now + timedelta(seconds=1))
        first, last = (each.astimezone(zone).date() for each in (since, now))
        spending = store.spend_history.spending(zone, first=first, last=last)
        location = store.location
    costs = costs_of(rows, spending, zone=zone, since=since, until=now)
    lines = costs_lines(costs, shutil.get_terminal_size().columns)
    answer(arguments, {"store": location, **costs_as_json(costs)}, lines)
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
    answer(arguments, {"store": location, **forecast_as_json(found)}, forecast_lines(found))
    return 0


def _trends(arguments: argparse.Namespace) -> int:
    from ..analytics.costs import trends_of  # noqa: PLC0415 - as above
    from ..reports.costs import spend_trends_as_json, spend_trends_lines  # noqa: PLC0415
    from ..store import open_store  # noqa: PLC0415

    now = utc_now()
    with open_store(arguments.store, create=False) as store:
        history = store.spend_history
        trends = trends_of(history.totals, now=now, since=history.since())
        location = store.location
    lines = spend_trends_lines(trends, shutil.get_terminal_size().columns)
    answer(arguments, {"store": location, "trends": spend_trends_as_json(trends)}, lines)
    return 0
