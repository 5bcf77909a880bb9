"""Which alerts of budgets were raised: of each key one row, whoever writes it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from ..stats import CostAlert, LoggedAlert
from ._rows import timestamp, timestamp_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from ..stats import PeriodKind
    from ._connection import Connection

_KEY: Final = ("budget", "period_start", "kind", "threshold", "budget_nanousd")
_VALUES: Final = ("level", "value_nanousd", "since", "raised", "resolved")
_COLUMNS: Final = ", ".join((*_KEY, *_VALUES))
_READ: Final = (
    f"SELECT {_COLUMNS} FROM spend_alerts "  # noqa: S608
    "WHERE budget = ? AND period_start = ? AND budget_nanousd = ? ORDER BY threshold, kind"
)
# What was raised stays so, whatever others read before.
_WRITE: Final = (
    f"INSERT INTO spend_alerts ({_COLUMNS}) "  # noqa: S608
    f"VALUES ({', '.join('?' * len((*_KEY, *_VALUES)))}) ON CONFLICT ({', '.join(_KEY)}) "
    "DO UPDATE SET raised = COALESCE(spend_alerts.raised, excluded.raised), "
    + ", ".join(f"{column} = excluded.{column}" for column in _VALUES if column != "raised")
)


class SpendAlerts:
    """The alerts of budgets, over a `Connection`.

    Every method raises StoreError where the database cannot be read or written.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def transaction(self) -> AbstractContextManager[None]:
        """Let nobody else write until what is read inside is written."""
        return self._connection.transaction()

    def logged(
        self, period: PeriodKind, start: date, budget_nanousd: int
    ) -> tuple[LoggedAlert, ...]:
        """Return what is known of a budget in the period that begins on `start`."""
        key = (period, start.isoformat(), budget_nanousd)
        return tuple(map(_from_row, self._connection.execute(_READ, key)))

    def write(self, alerts: Iterable[LoggedAlert]) -> None:
        """Write what became of alerts, new ones and those that are there."""
        self._connection.execute_many(_WRITE, list(map(_row, alerts)))


def _row(logged: LoggedAlert) -> tuple[Any, ...]:
    alert = logged.alert
    return (
        *(alert.period, alert.period_start.isoformat(), alert.kind, alert.threshold),
        *(alert.budget_nanousd, alert.level, alert.value_nanousd),
        *map(_text, (logged.since, logged.raised, logged.resolved)),
    )


def _from_row(row: tuple[Any, ...]) -> LoggedAlert:
    period, start, kind, threshold, budget, level, value, *moments = row
    alert = CostAlert(
        kind=kind,
        period=period,
        period_start=date.fromisoformat(start),
        threshold=int(threshold),
        level=level,
        value_nanousd=int(value),
        budget_nanousd=int(budget),
    )
    since, raised, resolved = (None if each is None else timestamp(each) for each in moments)
    assert since is not None
    return LoggedAlert(alert, since, raised, resolved)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp_text(moment)
