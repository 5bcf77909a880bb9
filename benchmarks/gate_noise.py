"""How often the noisy gate is wrong on real process-to-process noise, and what it costs.

Targets, with 5 baseline runs, 1 candidate and 4 fresh runs of 10 samples each: false alarms at
most 0.05 % a test, at least 55 / 80 / 93 % of regressions of 10 / 20 / 50 % found; 2,000 tests
in less than 50 ms.
"""

from __future__ import annotations

import time
from random import Random
from statistics import fmean
from typing import TYPE_CHECKING, Final

from benchmarks._same_code import Draw, draw, read_same_code
from understudy.gates import Verdict
from understudy.gates.noisy import NoisyRule, Timings, run_figure
from understudy.stats import rank_sum_p

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks._same_code import Processes

    #: Takes the tests of a suite, returns which fail.
    Rule = Callable[[Sequence[Draw]], list[bool]]

SUITES: Final = 12
FACTORS: Final = (1.1, 1.2, 1.5)
NOISY: Final = NoisyRule()


def main() -> None:
    """Print false alarms and power of each rule, then the time."""
    suites = read_same_code()
    if suites is None:
        print("  no timings of unchanged code here: set UNDERSTUDY_TEST_DATA")
    else:
        print(f"  {len(suites)} tests, dealt {SUITES} times: false alarms | found at +10 +20 +50 %")
        for name, rule, share in _rows():
            print(f"  {name:44} {_row(suites, rule, share)}", flush=True)
    _time()


def _rows() -> list[tuple[str, Rule, float]]:
    return [
        ("noisy rule, the whole suite slower", _noisy, 1.0),
        ("noisy rule, one test in twenty slower", _noisy, 0.05),
        ("noisy rule, one test at a time", _one_by_one, 1.0),
        ("noisy rule, nothing run again", _unconfirmed, 0.05),
        ("pytest-benchmark mean:10%, run against run", _mean, 1.0),
        ("Mann-Whitney p < 0.05, run against run", _mann_whitney, 1.0),
    ]


def _row(suites: Sequence[Processes], rule: Rule, share: float) -> str:
    alarms = _failing(suites, rule, factor=1.0, share=1.0)
    found = (_failing(suites, rule, factor=factor, share=share) for factor in FACTORS)
    return f"{100 * alarms:7.3f} % | " + " ".join(f"{100 * each:4.0f}" for each in found)


def _failing(suites: Sequence[Processes], rule: Rule, *, factor: float, share: float) -> float:
    """Return the share of the tests made slower that fail."""
    random = Random(1)
    failed = slower = 0
    for _ in range(SUITES):
        chosen = [random.random() < share for _ in suites]
        tests = [
            draw(processes, random).slower(factor if is_slower else 1.0)
            for processes, is_slower in zip(suites, chosen, strict=True)
        ]
        slower += sum(chosen)
        failed += sum(each for each, hit in zip(rule(tests), chosen, strict=True) if hit)
    return failed / slower


def _timings(test: Draw) -> Timings:
    return Timings(
        tuple(map(run_figure, test.baseline)),
        (run_figure(test.candidate),),
        tuple(map(run_figure, test.confirm)),
    )


def _noisy(tests: Sequence[Draw]) -> list[bool]:
    report = NOISY.judge({str(number): _timings(test) for number, test in enumerate(tests)})
    return [each.verdict is Verdict.FAIL for each in report.verdicts.values()]


def _one_by_one(tests: Sequence[Draw]) -> list[bool]:
    return [_noisy([test])[0] for test in tests]


def _unconfirmed(tests: Sequence[Draw]) -> list[bool]:
    return _noisy([test._replace(confirm=[]) for test in tests])


def _mean(tests: Sequence[Draw]) -> list[bool]:
    return [fmean(test.candidate) > 1.1 * fmean(test.baseline[-1]) for test in tests]


def _mann_whitney(tests: Sequence[Draw]) -> list[bool]:
    return [rank_sum_p(test.baseline[-1], test.candidate) < 0.05 for test in tests]


def _time(tests: int = 2000) -> None:
    """Print what 2,000 tests take, from the figures and from the samples."""
    random = Random(1)
    runs = [[100 * random.lognormvariate(0, 0.02) for _ in range(10)] for _ in range(6 * tests)]
    samples = [Draw(runs[i : i + 5], runs[i + 5], []) for i in range(0, len(runs), 6)]
    timings = {str(number): _timings(test) for number, test in enumerate(samples)}
    judged = min(_seconds(lambda: NOISY.judge(timings)) for _ in range(5))
    reduced = min(
        _seconds(lambda: [run_figure(test.candidate) for test in samples]) for _ in range(5)
    )
    print(f"  {tests} tests: judged in {1e3 * judged:.0f} ms (target < 50 ms),", end=" ")
    print(f"their candidate samples reduced to figures in {1e3 * reduced:.0f} ms")


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
