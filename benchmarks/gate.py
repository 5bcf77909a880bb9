"""A gate over 2,000 tests: figures of their calls, reading the baseline, judging."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Final

from understudy.events import CallEvent
from understudy.gates import Gate, RanTest, Run, RunFacts, measure_run
from understudy.gates.baseline import Baseline, Update, accepted, read_baseline, write_baseline

if TYPE_CHECKING:
    from collections.abc import Callable

_TESTS: Final = 2000
_MODULES: Final = 40
_REPEATS: Final = 15
_TARGET_MS: Final = 50
_NOON: Final = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
_UPDATE: Final = Update(date="2026-11-20", commit="0" * 40, author="Ann", reason="first")


def main() -> None:
    """Print the CPU time of each part, at best and in the middle of the repeats."""
    names = [f"tests/test_{n % _MODULES}.py::test_{n}" for n in range(_TESTS)]
    run_facts = RunFacts(
        tests={name: RanTest(node_id=name) for name in names},
        complete=frozenset(name.partition("::")[0] for name in names),
    )
    calls = [_call(name, number, 1000 + number) for number, name in enumerate(names)]
    slower = [_call(name, number, 1100 + number) for number, name in enumerate(names)]
    figures = measure_run(Run(calls=calls, run_facts=run_facts))
    regressed = measure_run(Run(calls=slower, run_facts=run_facts))
    with tempfile.TemporaryDirectory() as folder:
        write_baseline(Path(folder), accepted(Baseline(), figures, run_facts, _UPDATE).files)
        gate = Gate(baseline=read_baseline(Path(folder)))
        assert len(gate.judge(regressed, run_facts).failing()) >= _TESTS
        assert not gate.judge(figures, run_facts).findings
        _time("figures of 2,000 calls", lambda: measure_run(Run(calls=calls, run_facts=run_facts)))
        _time("reading the baseline", lambda: read_baseline(Path(folder)).tests)
        gate_ms = _time("judging, nothing changed", lambda: gate.judge(figures, run_facts))
        _time("judging, all regressed", lambda: gate.judge(regressed, run_facts))
    verdict = "met" if gate_ms < _TARGET_MS else "MISSED"
    print(f"target for the gate: < {_TARGET_MS} ms: {verdict}")


def _call(name: str, number: int, tokens: int) -> CallEvent:
    return CallEvent(
        event_id=str(number),
        call_id=str(number),
        ts=_NOON,
        phase_id=name,
        provider="openai",
        request_model="gpt-4o",
        origin="mocked",
        clock="virtual",
        profile="realistic_l3",
        http_status=200,
        input_tokens=tokens,
        output_tokens=100,
        cache_read_tokens=0,
        cache_write_tokens=0,
        reasoning_tokens=0,
        usage_source="provider",
        cost_nanousd=2500 * tokens,
        ttfc_ms=1500.0,
        duration_ms=4350.0,
    )


def _time(name: str, work: Callable[[], object]) -> float:
    spans = []
    for _ in range(_REPEATS):
        begun = process_time()
        work()
        spans.append((process_time() - begun) * 1000)
    print(f"{name:<28} best {min(spans):6.1f} ms   median {median(spans):6.1f} ms")
    return median(spans)


if __name__ == "__main__":
    main()
