"""Alerts of models that became slower."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..efficiency import FALL
from ._alert import Alert

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..efficiency import ModelState

_LIMIT: Final = round(100 * (FALL - 1), 6)


def efficiency_alerts(states: Iterable[ModelState]) -> Iterator[Alert]:
    """Yield one alert for each model that is slower; of several sources, the slowest counts.

    The value is how much slower it is, in percent.
    """
    fallen: dict[str, Alert] = {}
    for state in states:
        alert = _alert(state)
        if alert is not None:
            known = fallen.get(alert.subject)
            fallen[alert.subject] = max(known or alert, alert, key=lambda each: each.value)
    yield from fallen.values()


def _alert(state: ModelState) -> Alert | None:
    if state.fallen is None or state.fallen.ratio is None:
        return None
    return Alert(
        kind="efficiency",
        subject=state.component,
        level="warning",
        value=100 * (state.fallen.ratio - 1),
        limit=_LIMIT,
        since=state.since,
    )
