"""Sums of calls by the day and by the hour, kept up to date as the calls are written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from ._grain import Grain
from ._moments import MOMENT_COLUMNS, Moments
from ._rows import EVENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ._connection import Connection

GROUP_COLUMNS: Final = ("provider", "model", "operation", "origin", "clock")
SUM_COLUMNS: Final = (
    "calls", "attempts", "errors", "cancelled", "with_usage", "priced", "input_tokens",
    "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens",
    "cost_nanousd", "timed_output_tokens", "timed_duration_ms",
)  # fmt: skip
VALUE_COLUMNS: Final = (
    *SUM_COLUMNS,
    *(f"ttfc_{name}" for name in MOMENT_COLUMNS),
    *(f"duration_{name}" for name in MOMENT_COLUMNS),
)


DAYS: Final = Grain(
    "rollups_daily", ("day", *GROUP_COLUMNS), "day", len("2026-01-31"), VALUE_COLUMNS
)
HOURS: Final = Grain(
    "rollups_hourly", ("hour", *GROUP_COLUMNS), "hour", len("2026-01-31T23"), VALUE_COLUMNS
)
#: What was paid for in a quarter of an hour, whatever the model. Days of any zone are made of them.
SPENT: Final = Grain(
    "spend_sums",
    ("quarter_hour",),
    "quarter_hour",
    len("2026-01-31T23:45"),
    ("calls", "unpriced", "input_tokens", "output_tokens", "cost_nanousd"),
)
_PAID: Final = frozenset({"live", "recorded"})
_QUARTER: Final = 15


class Attempt(NamedTuple):
    """What a rollup sums up of one attempt; None is unknown and adds nothing."""

    attempt: int
    status: str
    input_tokens: int | None
    output_tokens: int | None
    cache_read_tokens: int | None
    cache_write_tokens: int | None
    reasoning_tokens: int | None
    cost_nanousd: int | None
    ttfc_ms: float | None
    duration_ms: float | None


@dataclass(slots=True)
class Rollup:
    """Attempts summed up, `sums` in the order of SUM_COLUMNS; only successful ones are timed."""

    sums: list[Any] = field(default_factory=lambda: [None] * len(SUM_COLUMNS))
    ttfc: Moments = field(default_factory=Moments)
    duration: Moments = field(default_factory=Moments)

    @classmethod
    def of(cls, attempts: Sequence[Attempt]) -> Self:
        """Sum up attempts, of which there is at least one."""
        # Column by column: a loop over the attempts takes three times as long.
        numbers, statuses, *counts, _, _ = zip(*attempts, strict=True)
        done = [attempt for attempt in attempts if attempt.status == "ok"]
        timed = [each for each in done if each.output_tokens and each.duration_ms is not None]
        sums = [
            numbers.count(1),
            len(attempts),
            statuses.count("error"),
            statuses.count("cancelled"),
            sum(
                each.output_tokens is not None or each.input_tokens is not None for each in attempts
            ),
            sum(each.cost_nanousd is not None for each in attempts),
            *map(_total, counts),
            _total(each.output_tokens for each in timed),
            _total(each.duration_ms for each in timed),
        ]
        return cls(
            sums,
            Moments.of([each.ttfc_ms for each in done if each.ttfc_ms is not None]),
            Moments.of([each.duration_ms for each in done if each.duration_ms is not None]),
        )

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> Self:
        """Read the values of VALUE_COLUMNS."""
        sums, moments = row[: len(SUM_COLUMNS)], row[len(SUM_COLUMNS) :]
        half = len(MOMENT_COLUMNS)
        return cls(list(sums), Moments.from_row(moments[:half]), Moments.from_row(moments[half:]))

    def row(self) -> tuple[Any, ...]:
        """Return the values of VALUE_COLUMNS."""
        return (*self.sums, *self.ttfc.row(), *self.duration.row())

    def absorb(self, other: Rollup) -> None:
        """Count all that `other` counted."""
        self.sums = [_total(pair) for pair in zip(self.sums, other.sums, strict=True)]
        self.ttfc.absorb(other.ttfc)
        self.duration.absorb(other.duration)


@dataclass(slots=True)
class Paid:
    """What was paid for, `sums` in the order of the values of SPENT."""

    sums: list[Any]

    @classmethod
    def of(cls, attempts: Sequence[Attempt]) -> Self:
        """Sum up attempts, of which there is at least one."""
        unpriced = sum(
            each.cost_nanousd is None
            and (each.input_tokens is not None or each.output_tokens is not None)
            for each in attempts
        )
        numbers, _, asked, answered, _, _, _, costs, _, _ = zip(*attempts, strict=True)
        return cls([numbers.count(1), unpriced, *map(_total, (asked, answered, costs))])

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> Self:
        """Read the values of a row."""
        return cls(list(row))

    def row(self) -> tuple[Any, ...]:
        """Return the values of a row."""
        return tuple(self.sums)

    def absorb(self, other: Paid) -> None:
        """Count all that `other` counted."""
        self.sums = [_total(pair) for pair in zip(self.sums, other.sums, strict=True)]


def roll_up(connection: Connection, rows: Iterable[Sequence[Any]]) -> None:
    """Add the calls among `rows`, each of EVENT_COLUMNS, to the sums of their hours and days."""
    attempts: defaultdict[tuple[str, ...], list[Attempt]] = defaultdict(list)
    paid: defaultdict[tuple[str], list[Attempt]] = defaultdict(list)
    for row in rows:
        if row[_TYPE] == "llm_call":
            attempt = Attempt(*_ATTEMPT(row))
            attempts[_key(row)].append(attempt)
            if row[_ORIGIN] in _PAID:
                paid[(quarter_hour(row[_TS]),)].append(attempt)
    hours = {key: Rollup.of(each) for key, each in attempts.items()}
    days: defaultdict[tuple[str, ...], Rollup] = defaultdict(Rollup)
    for (hour, *group), rollup in hours.items():
        days[hour[: DAYS.length], *group].absorb(rollup)
    HOURS.add(connection, hours)
    DAYS.add(connection, days)
    SPENT.add(connection, {key: Paid.of(each) for key, each in paid.items()})


def quarter_hour(text: str) -> str:
    """Return when the quarter of an hour began that a time is in, both in UTC."""
    return f"{text[:14]}{int(text[14:16]) // _QUARTER * _QUARTER:02}"


def add_up(connection: Connection) -> Rollup:
    """Return the sum of all rollups, of hours and of days: each of them is read."""
    total = Rollup()
    for grain in (HOURS, DAYS):
        for row in grain.all_rows(connection):
            total.absorb(Rollup.from_row(row))
    return total


_TYPE, _ORIGIN, _TS = map(EVENT_COLUMNS.index, ("event_type", "origin", "ts"))
_ATTEMPT: Final = itemgetter(*map(EVENT_COLUMNS.index, Attempt._fields))
_KEY_COLUMNS: Final = ("ts", "provider", "response_model", "request_model", *GROUP_COLUMNS[2:])
_KEY: Final = itemgetter(*map(EVENT_COLUMNS.index, _KEY_COLUMNS))


def _key(row: Sequence[Any]) -> tuple[str, ...]:
    ts, provider, answered, asked, operation, origin, clock = _KEY(row)
    model = answered or asked or ""
    return (ts[: HOURS.length], provider or "", model, operation or "", origin or "", clock)


def _total(values: Iterable[float | None]) -> float | None:
    """Return the sum of what is known, None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None
