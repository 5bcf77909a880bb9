"""`understudy efficiency`: how fast models answer and load."""

from __future__ import annotations

import argparse
import shutil
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..clock import utc_now
from ..errors import UnknownNameError
from ._command import Commands, answer, finish
from ._selection import add_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ..analytics.efficiency import Aggregates
    from ..stats import Summed, ThoughtSums

_KIND: Final = "model"
_DAY: Final = timedelta(days=1)
_MOST_DAYS: Final = 3650
#: Where models are looked for that nobody asked in the window.
_KNOWN_DAYS: Final = 60
_NONE: Final = "no answer and no load of a model in that time"


class _Found(NamedTuple):
    """What is printed: as JSON, and for people."""

    json: dict[str, Any]
    lines: list[str]


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "efficiency",
        help="show how fast models answer by the token, and how long they load",
        description="Show the milliseconds a token of each model, weighted by tokens, the best "
        "first; in a window of hours, or day by day.",
    )
    add_store(parser)
    parser.add_argument("--component", metavar="MODEL", help="only this model (default: all)")
    window = parser.add_mutually_exclusive_group()
    window.add_argument(
        "--hours",
        type=_number(24 * _MOST_DAYS),
        default=24,
        metavar="N",
        help="the last hours (default: 24)",
    )
    window.add_argument(
        "--days", type=_number(_MOST_DAYS), metavar="N", help="the last days, each with its figures"
    )
    finish(parser, _show)


def _show(arguments: argparse.Namespace) -> int:
    """Print a row for each model."""
    from ..store import open_store  # noqa: PLC0415 - other commands do without

    read = _by_hours if arguments.days is None else _by_days
    with open_store(arguments.store, create=False) as store:
        if arguments.component is not None:
            _check_name(store.model_history, arguments.component, arguments.days or 0)
        found, location = read(store.model_history, arguments), store.location
    about = {"store": location, "component": arguments.component}
    answer(arguments, about | found.json, found.lines)
    return 0


def _by_hours(history: Aggregates, arguments: argparse.Namespace) -> _Found:
    """Read the last hours: a row for each model, and what loading is worth."""
    from ..analytics.efficiency import efficiency_of  # noqa: PLC0415 - as above
    from ..reports.models import efficiency_as_json, efficiency_lines  # noqa: PLC0415

    now, component = utc_now(), arguments.component
    asked = now - timedelta(hours=arguments.hours)
    window = history.thought_sums(since=asked, until=now, component=component)
    models = efficiency_of(window.rows, history.recent_loads(component=component))
    about = {
        "hours": arguments.hours,
        "since": window.since.isoformat(),
        "until": window.until.isoformat(),
    }
    lines = [_window_text(window, asked), *efficiency_lines(models, _width())]
    return _Found(about | efficiency_as_json(models), lines if models else [_NONE])


def _by_days(history: Aggregates, arguments: argparse.Namespace) -> _Found:
    """Read the last days, today included; of one model each of them."""
    from ..analytics.efficiency import trends_as_json, trends_of  # noqa: PLC0415 - as above
    from ..reports.models import trend_day_lines, trends_lines  # noqa: PLC0415

    until = utc_now().astimezone(UTC).date() + _DAY
    since, component = until - arguments.days * _DAY, arguments.component
    trends = trends_of(
        history.thought_days(since=since, until=until, component=component),
        history.load_days(since=since, until=until, component=component),
        history.recent_loads(component=component),
    )
    lines = trends_lines(trends, _width())
    for trend in trends if component else ():
        by_day = trend_day_lines(trend.days, _width())
        lines += ["", f"{component}, by {trend.figures.source}", *by_day]
    about = {"days": arguments.days, "since": since.isoformat(), "until": until.isoformat()}
    return _Found(about | {"model_trends": trends_as_json(trends)}, lines if trends else [_NONE])


def _window_text(window: Summed[ThoughtSums], asked: datetime) -> str:
    text = f"from {window.since:%Y-%m-%d %H:%M} to {window.until:%Y-%m-%d %H:%M} {window.since:%Z}"
    is_wider = window.since < asked
    return f"{text}, as rows before are kept as whole hours or days" if is_wider else text


def _width() -> int:
    return shutil.get_terminal_size().columns


def _check_name(history: Aggregates, component: str, days: int) -> None:
    """Refuse a model of which nothing is known.

    Raises:
        UnknownNameError: it names the nearest one.
    """
    until = utc_now().astimezone(UTC).date() + _DAY
    since = until - max(_KNOWN_DAYS, days) * _DAY
    known = {each.component for each in history.thought_days(since=since, until=until)}
    known |= {each.component for each in history.recent_loads()}
    if component not in known:
        raise UnknownNameError(_KIND, component, known, where="--component")


def _number(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text) if text.isascii() and text.isdigit() else 0
        if not 1 <= number <= most:
            msg = f"{text!r} is no number from 1 to {most:,}"
            raise argparse.ArgumentTypeError(msg)
        return number

    return read
