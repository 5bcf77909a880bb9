"""How often a model that did not change is called slower, and how often one that did is.

Requests of live endpoints, resampled with replacement: 20 of today against 100 before. Targets:
at most 0.5 % on unchanged series, at least 55 % of those that became slower by 30 %.
"""

from __future__ import annotations

import time
from datetime import date, timedelta
from itertools import chain
from random import Random
from typing import TYPE_CHECKING, Final

from benchmarks._endpoints import read_series
from understudy.analytics.efficiency import compare
from understudy.stats import ThoughtSums, TokenSums

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    #: Takes the milliseconds a token of now and of before, in runs; tells whether it fell.
    Rule = Callable[[Sequence[Sequence[float]], Sequence[Sequence[float]]], bool]

SEED: Final = 1
DRAWS, DRAWS_OF_RUNS = 200, 20
SLOWER: Final = 1.3
TOKENS: Final = 100
TODAY: Final = date(2026, 3, 31)


def main() -> None:
    """Print false alarms and power of the rule and of plain means, then the time."""
    series = read_series()
    if not series:
        print("  no timings of endpoints here: set UNDERSTUDY_TEST_DATA")
        return
    print(f"  {len(series)} endpoints, {DRAWS} draws each: unchanged | found at +30 %")
    for name, rule, runs, load in (
        ("the rule, all in one run", _rule, 1, 0.0),
        ("sum of ms / sum of tokens > 1.2", _plain, 1, 0.0),
        ("the rule, 20 runs whose loads differ by 15 %", _rule, 20, 0.15),
        ("the same, each request a figure", _by_requests, 20, 0.15),
    ):
        alarms, found = (_share(series, rule, factor, runs, load) for factor in (1.0, SLOWER))
        print(f"  {name:46} {100 * alarms:6.2f} % | {100 * found:5.1f} %", flush=True)
    _time(series)


def _share(
    series: Sequence[Sequence[float]], rule: Rule, factor: float, runs: int, load: float
) -> float:
    """Return the share of draws that are called slower.

    One run of 20 requests against `runs` before, each with a load of its own.
    """
    random = Random(SEED)
    draws = DRAWS if runs == 1 else DRAWS_OF_RUNS
    hits = 0
    for each in series:
        for _ in range(draws):
            before = [random.choices(each, k=max(20, 100 // runs)) for _ in range(runs)]
            recent = [factor * ms for ms in random.choices(each, k=20)]
            past = [_loaded(run, random, load) for run in before]
            hits += rule([_loaded(recent, random, load)], past)
    return hits / len(series) / draws


def _loaded(requests: Sequence[float], random: Random, load: float) -> list[float]:
    share = random.lognormvariate(0, load) if load else 1.0
    return [share * ms for ms in requests]


def _rule(now: Sequence[Sequence[float]], before: Sequence[Sequence[float]]) -> bool:
    return compare(_rows(now, "now"), _rows(before, "before")).has_fallen


def _by_requests(now: Sequence[Sequence[float]], before: Sequence[Sequence[float]]) -> bool:
    return _rule([list(chain(*now))], [list(chain(*before))])


def _plain(now: Sequence[Sequence[float]], before: Sequence[Sequence[float]]) -> bool:
    means = [sum(map(sum, runs)) / sum(map(len, runs)) for runs in (now, before)]
    return means[0] / means[1] > 1.2


def _rows(runs: Sequence[Sequence[float]], name: str) -> list[ThoughtSums]:
    """Sum up each run in one row, or the only one in a row for each of four days."""
    parts = [runs[0][start::4] for start in range(4)] if len(runs) == 1 else runs
    return [
        ThoughtSums(
            "model",
            "stream",
            1,
            sum((TokenSums.of(TOKENS, TOKENS * ms) for ms in part), start=TokenSums()),
            TODAY - timedelta(days=2 + number % 27),
            name if len(runs) == 1 else f"{name}-{number}",
        )
        for number, part in enumerate(parts)
    ]


def _time(series: Sequence[Sequence[float]]) -> None:
    """Print what one comparison takes, from the sums of 28 days of three runs."""
    now, before = _rows([series[0]], "now"), _rows([series[0]] * 84, "before")
    start = time.process_time()
    for _ in range(100):
        compare(now, before)
    print(f"  one model against 84 runs: {10 * (time.process_time() - start):.2f} ms CPU")
