"""Alerts: one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._number_format import dollars

if TYPE_CHECKING:
    from ...analytics.alerts import Alert

_MEGABYTE = 1_000_000


def alert_as_json(alert: Alert) -> dict[str, Any]:
    """Return the row of an alert, as values of JSON."""
    return {
        "kind": alert.kind,
        "subject": alert.subject,
        "level": alert.level,
        "value": alert.value,
        "limit": alert.limit,
        "budget": alert.budget,
        "since": None if alert.since is None else alert.since.isoformat(),
    }


def alert_text(alert: Alert) -> str:
    """Say in a sentence what is wrong."""
    since = "" if alert.since is None else f", since {alert.since:%Y-%m-%d}"
    return f"{_what(alert)}{since}"


def _what(alert: Alert) -> str:
    value, limit = alert.value, alert.limit
    match alert.kind, alert.subject:
        case "store", "size":
            size = f"{value / _MEGABYTE:,.0f} MB (limit: {limit / _MEGABYTE:,.0f} MB)"
            return f"the store takes {size}; `understudy prune` deletes what is old"
        case "store", "rows":
            rows = f"{value:,.0f} rows (limit: {limit:,.0f})"
            return f"the store holds {rows}; `understudy prune` deletes what is old"
        case "store", "pruning":
            age = f"its oldest row is {value:,.0f} days old, {limit:,.0f} are kept"
            return f"the store should have been pruned: {age}"
        case "efficiency", component:
            slower = f"{value:.0f} % slower than in the weeks before (limit: {limit:.0f} %)"
            return f"{component} is {slower}"
        case "spend", _:
            return _spend(alert)
        case _:
            return f"{alert.kind} of {alert.subject}: {value:,g} (limit: {limit:,g})"


def _spend(alert: Alert) -> str:
    if not alert.budget:
        return f"{_usd(alert.value)} (limit: {_usd(alert.limit)})"
    percent, budget = 100 * alert.value / alert.budget, _usd(alert.budget)
    if alert.subject == "forecast":
        return f"this month will cost about {_usd(alert.value)}, {percent:.0f} % of its {budget}"
    period = "today's" if alert.subject == "daily" else "this month's"
    limit = f"limit: {100 * alert.limit / alert.budget:.0f} %"
    return f"{_usd(alert.value)} of {period} {budget} are spent, {percent:.0f} % ({limit})"


def _usd(value: float) -> str:
    return dollars(round(value * 1e9))
