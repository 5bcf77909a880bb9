"""What a period will have cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .._layout import wrap
from ._money import UNKNOWN, amount, as_json, percent
from ._plot import bar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...analytics.costs import BudgetState, Forecast

_MARGIN: Final = " " * 12
_WIDEST: Final = 72


def forecast_lines(forecast: Forecast, width: int) -> list[str]:
    """Say what was spent, what will have been, how sure that is, and what the budget says.

    Below it is a bar of the three, where there is a budget.
    """
    period = forecast.period
    until = f"{period.first:%Y-%m-%d} until before {period.after:%Y-%m-%d} ({period.zone.key})"
    lines = [
        f"period      {until}: {forecast.days_elapsed:.1f} days are over, "
        f"{forecast.days_left:.1f} to come",
        f"spent       {_spent(forecast)}",
        f"a day       {amount(forecast.daily_average_nanousd)} on average",
        f"predicted   {_predicted(forecast)}",
        f"budget      {_budget(forecast)}",
    ]
    lines += [f"{_MARGIN}{forecast.reason}"] if forecast.reason else []
    wrapped = [each for line in lines for each in wrap(line, width, indent=len(_MARGIN))]
    spent, predicted, budget = (
        forecast.spent_nanousd,
        forecast.predicted_nanousd,
        forecast.budget_nanousd,
    )
    if spent is None or predicted is None or not budget:
        return wrapped
    room = min(width, _WIDEST) - len(_MARGIN)
    return [*wrapped, f"{_MARGIN}{bar(spent, predicted, budget, room)}"]


def forecast_as_json(forecast: Forecast) -> dict[str, Any]:
    """Return the same as values of JSON."""
    period = forecast.period
    return {
        "period": period.kind,
        "zone": period.zone.key,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        **as_json("spent", forecast.spent_nanousd),
        "unpriced": forecast.unpriced,
        **as_json("daily_average", forecast.daily_average_nanousd),
        "days_elapsed": forecast.days_elapsed,
        "days_left": forecast.days_left,
        **as_json("predicted", forecast.predicted_nanousd),
        **as_json("margin", forecast.margin_nanousd),
        "confidence": forecast.confidence,
        **as_json("budget", forecast.budget_nanousd),
        "overage_percent": forecast.overage_percent,
        "reason": forecast.reason,
    }


def budget_line(states: Iterable[BudgetState]) -> str:
    """Say where the budgets that count now stand; the month first, nothing where none is set."""
    current = {each.period.kind: each.forecast for each in states if each.is_current}
    month, day = current.get("monthly"), current.get("daily")
    today = "" if day is None else f"today {_standing(day)}"
    if month is None:
        return today.replace("today", "today  ")
    return f"month   {_standing(month)}{_end(month)}{'; ' if today else ''}{today}"


def _standing(forecast: Forecast) -> str:
    spent, budget = forecast.spent_nanousd, forecast.budget_nanousd
    share = None if spent is None or not budget else 100 * spent / budget
    return f"{_spent(forecast)} of {amount(budget)} ({percent(share)})"


def _spent(forecast: Forecast) -> str:
    more = f" + {forecast.unpriced:,} unpriced" if forecast.unpriced else ""
    return f"{amount(forecast.spent_nanousd)}{more}"


def _end(forecast: Forecast) -> str:
    if forecast.predicted_nanousd is None or forecast.confidence is None:
        return ""
    predicted = amount(forecast.predicted_nanousd)
    return f", about {predicted} by its end (confidence {forecast.confidence:.2f})"


def _predicted(forecast: Forecast) -> str:
    if forecast.predicted_nanousd is None or forecast.confidence is None:
        return UNKNOWN
    margin = forecast.margin_nanousd
    about = "" if margin is None else f", about {amount(margin)} more or less"
    return f"{amount(forecast.predicted_nanousd)}{about}, confidence {forecast.confidence:.2f}"


def _budget(forecast: Forecast) -> str:
    budget, spent = forecast.budget_nanousd, forecast.spent_nanousd
    if budget is None:
        return UNKNOWN
    used = None if spent is None else 100 * spent / budget
    over = forecast.overage_percent
    verdict = f"; {percent(over)} too little" if over else ""
    return f"{amount(budget)}, {percent(used)} spent{verdict}"
