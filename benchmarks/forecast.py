"""How far off a forecast is, and whether its confidence knows, on days that are over by now.

Each window of 30 days is predicted on its days 1, 3, 10 and 20 and compared with what it came to,
by the average of its own days, as is usual, and by ours of the last 28. Targets, median error in
percent of the whole: 16, 14, 11, 6; the narrower the margin, the smaller the error; four of five
totals lie within it.

Series: made up (weekends a quarter of a weekday, cv 0.35, 3 % of the days a burst), and the public
ones of numenta/NAB where `nab/*.csv` (timestamp, value) is below UNDERSTUDY_TEST_DATA.
"""

from __future__ import annotations

import csv
import math
import os
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from understudy.analytics.costs import Period, forecast
from understudy.stats import Spending, quantile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from understudy.analytics.costs import Forecast

    #: What each day came to.
    Series = Mapping[date, int]

ZONE: Final = ZoneInfo("UTC")
WINDOW: Final = 30
DAYS: Final = (1, 3, 10, 20)
#: Half the width of the interval, in percent of the prediction.
WIDTHS: Final = (5, 10, 20, 40, math.inf)
_DATA: Final = Path(os.environ.get("UNDERSTUDY_TEST_DATA", "../shared/data"))
_BEGIN: Final = date(2025, 1, 1)
_WEEKEND: Final = 5


@dataclass(frozen=True)
class Case:
    """A forecast on a day of a window, and what the window came to."""

    day: int
    predicted: Forecast
    total: int

    @property
    def error(self) -> float:
        """Return how far off it was, in percent of the whole."""
        return 100 * abs((self.predicted.predicted_nanousd or 0) - self.total) / self.total

    @property
    def half_width(self) -> float:
        """Return the margin in percent of the prediction."""
        predicted, margin = self.predicted.predicted_nanousd, self.predicted.margin_nanousd
        return 100 * margin / predicted if predicted and margin is not None else math.inf

    @property
    def is_within(self) -> bool:
        """Tell whether the margin holds the total."""
        margin = self.predicted.margin_nanousd or 0
        return abs((self.predicted.predicted_nanousd or 0) - self.total) <= margin


def made_up(number: int) -> list[Series]:
    """Return series of 630 days with a weekly pattern, noise and bursts."""
    random, sigma = Random(number), math.sqrt(math.log(1 + 0.35**2))
    series: list[Series] = []
    for _ in range(number):
        level = 10 ** random.uniform(9, 11)
        days = (_BEGIN + timedelta(days=each) for each in range(630))
        series.append({day: _day(day, level, sigma, random) for day in days})
    return series


def _day(day: date, level: float, sigma: float, random: Random) -> int:
    weekly = 0.25 if day.weekday() >= _WEEKEND else 1.0
    burst = random.uniform(3, 8) if random.random() < 0.03 else 1.0
    return round(level * weekly * burst * random.lognormvariate(-(sigma**2) / 2, sigma))


def public(folder: Path) -> dict[str, Series]:
    """Return the daily sums of files of NAB, the first and the last day left out."""
    found: dict[str, Series] = {}
    for path in sorted(folder.glob("*.csv")):
        sums: defaultdict[date, float] = defaultdict(float)
        with path.open(newline="") as file:
            for row in csv.DictReader(file):
                sums[datetime.fromisoformat(row["timestamp"]).date()] += float(row["value"])
        whole = sorted(sums)[1:-1]
        found[path.stem] = {day: round(1e6 * sums[day]) for day in whole}
    return found


def cases(series: Series, days: Sequence[int], *, step: int, has_history: bool) -> Iterator[Case]:
    """Predict each window of a series that has 28 days before it, on some of its days."""
    known = sorted(series)
    for first in range(28, len(known) - WINDOW + 1, step):
        period = Period("monthly", ZONE, known[first], known[first] + timedelta(days=WINDOW))
        total = sum(series[day] for day in known[first : first + WINDOW])
        if not total:
            continue
        since = known[0] if has_history else known[first]
        for day in days:
            over = {each: series[each] for each in known[: first + day] if each >= since}
            now = datetime.combine(known[first] + timedelta(days=day), time(), UTC)
            yield Case(day, forecast(Spending(since, over), period=period, now=now), total)


def _errors(name: str, many: Sequence[Series], *, step: int) -> None:
    for what, has_history in (("this period's average", False), ("last 28 days", True)):
        told = [
            case for each in many for case in cases(each, DAYS, step=step, has_history=has_history)
        ]
        row = []
        for day in DAYS:
            errors = [case.error for case in told if case.day == day]
            row.append(f"{median(errors):.1f}/{quantile(errors, 0.9):.0f}")
        print(
            f"  {name}, {what:22} {'  '.join(row)} ({len(told) // len(DAYS)} windows)", flush=True
        )


def _confidence(name: str, many: Sequence[Series], *, step: int) -> None:
    told = [
        case for each in many for case in cases(each, range(1, WINDOW), step=step, has_history=True)
    ]
    rows, lower = [], 0.0
    for upper in WIDTHS:
        errors = [case.error for case in told if lower <= case.half_width < upper]
        if errors:
            rows.append(f"< {upper:g} %: {median(errors):.1f}")
        lower = upper
    within = 100 * sum(case.is_within for case in told) / len(told)
    print(f"  {name}: median error by half-width {', '.join(rows)} ({len(told)} forecasts)")
    print(f"  {name}: {within:.0f} % of the totals within the margin", flush=True)
    print(f"  {name}: median error by confidence {', '.join(_by_confidence(told))}", flush=True)


def _by_confidence(told: Sequence[Case]) -> Iterator[str]:
    for fifth in range(5, 0, -1):
        errors = [
            case.error
            for case in told
            if (fifth - 1) / 5 <= (case.predicted.confidence or 0) < fifth / 5 + (fifth == 5)
        ]
        if errors:
            yield f">= {(fifth - 1) / 5:.1f}: {median(errors):.1f}"


def main() -> None:
    """Print the errors of both averages, then what the confidence knows of them."""
    print(f"  error on days {DAYS}, median/p90 in % of the whole")
    series = made_up(30)
    _errors("made up", series, step=WINDOW)
    _confidence("made up", series, step=WINDOW)
    for name, each in public(_DATA / "nab").items():
        _errors(name, [each], step=1)
        _confidence(name, [each], step=1)
