"""`understudy alerts`: what somebody should look at."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from ..clock import utc_now
from ..options import OPTIONS
from ._command import Commands, answer, finish
from ._selection import add_store

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence
    from datetime import timedelta

    from ..analytics.alerts import Alert
    from ..analytics.costs import CostSettings
    from ..analytics.efficiency import ModelState

_VARIABLE: Final = "UNDERSTUDY_RETENTION"


def add_parser(commands: Commands, *, settings: Callable[[], CostSettings]) -> None:
    """Add the command; `settings` reads the table of budgets."""
    parser = commands.add_parser(
        "alerts",
        help="show what is wrong with budgets, the store and models; 1 if anything is",
        description="Show which budgets come to their end, where the store has grown too large or "
        "should have been pruned, and which models became slower by more than 20 %%.",
    )
    add_store(parser)
    parser.add_argument(
        "--retention",
        metavar="AGE",
        help=f"how long rows are kept, like 60d, or off (default: off) [env: {_VARIABLE}]",
    )
    finish(parser, lambda arguments: _show(arguments, settings()))


def _show(arguments: argparse.Namespace, costs: CostSettings) -> int:
    """Print the alerts; 1 if one is more than a note."""
    # Lazily: other commands do without.
    from ..analytics.alerts import efficiency_alerts, spend_alerts, store_alerts  # noqa: PLC0415
    from ..analytics.costs import look_at_budgets  # noqa: PLC0415
    from ..analytics.efficiency import watch  # noqa: PLC0415
    from ..store import open_store  # noqa: PLC0415

    now, retention = utc_now(), _retention(arguments.retention)
    with open_store(arguments.store, create=False) as store:
        footprint, location = store.footprint(), store.location
        states = watch(store.model_history, now=now)
        budgets = look_at_budgets(store.spend_history, store.spend_alerts, costs, now=now)
    found = store_alerts(footprint, now=now, retention=retention)
    alerts = [*spend_alerts(budgets), *found, *efficiency_alerts(states)]
    answer(arguments, {"store": location, **_as_json(alerts, states)}, _told(alerts, states))
    return int(any(each.is_pressing for each in alerts))


def _retention(given: str | None) -> timedelta | None:
    """Read how long rows are kept, as a run of pytest reads it.

    Raises:
        SettingsError: it is no age.
    """
    from ..settings import read  # noqa: PLC0415 - as above

    option = next(each for each in OPTIONS if each.name == "retention")
    text = given or os.environ.get(_VARIABLE)
    return read(option, text, "--retention" if given else _VARIABLE) if text else None


def _told(alerts: Sequence[Alert], states: Sequence[ModelState]) -> Iterator[str]:
    from ..reports.models import alert_text  # noqa: PLC0415 - as above

    if not alerts:
        yield "no alerts"
    yield from (f"{each.level:8}  {alert_text(each)}" for each in alerts)
    for state in states:
        if state.comparison.lacking:
            name = f"{state.component} ({state.source})"
            yield f"not enough to tell of {name}: {state.comparison.lacking}"


def _as_json(alerts: Sequence[Alert], states: Sequence[ModelState]) -> dict[str, Any]:
    from ..reports.models import alert_as_json  # noqa: PLC0415 - as above

    return {
        "alerts": [alert_as_json(each) for each in alerts],
        "not_enough": [
            {
                "component": state.component,
                "source": state.source,
                "reason": state.comparison.lacking,
            }
            for state in states
            if state.comparison.lacking
        ],
    }
