"""The fixture `llm_benchmark`: pytest-benchmark with what the measured calls used."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest

from ....gates import ROUNDS, Figures, extra_info, measure_rounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ....telemetry import CallLog, LLMCall

_EXTRA: Final = "pip install 'pytest-understudy[benchmark]'"
_DEFAULT: Final = 5


class LLMBenchmark:
    """Measures a function on the clock of the run, and its calls with it.

    Tokens, cost and latency of one round go into `extra_info`; where rounds differ, the
    largest figure does. Beside them stand those of the whole test, which a gate judges:
    there are as many rounds where pytest-benchmark is disabled, as it is with workers.
    """

    def __init__(self, benchmark: Any, calls: CallLog, now: Callable[[], float]) -> None:
        self.benchmark = benchmark
        self.benchmark._timer = now  # noqa: SLF001 - a marker could not name this clock
        self._calls = calls
        self._rounds: list[slice] = []

    def __call__(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call a function five times; return what the last call returned."""
        return self.pedantic(function, args=args, kwargs=kwargs)

    def pedantic(
        self,
        function: Callable[..., Any],
        *,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
        rounds: int = _DEFAULT,
        warmup_rounds: int = 0,
    ) -> Any:
        """Call a function as often as is said; each round is one call of it."""
        counted, keywords = self._counting(function), dict(kwargs or {})
        result = self.benchmark.pedantic(
            counted, args=args, kwargs=keywords, rounds=rounds, warmup_rounds=warmup_rounds
        )
        while len(self._rounds) < rounds + warmup_rounds:
            result = counted(*args, **keywords)
        self._rounds = self._rounds[warmup_rounds:]
        return result

    def finish(self) -> None:
        """Put the figures into `extra_info`, when the test has made all its calls."""
        calls = list(self._calls)
        one_round = _figures(*(calls[each] for each in self._rounds))
        whole = _figures(calls)
        if one_round is not None and whole is not None:
            whole.values[ROUNDS] = len(self._rounds)
            self.extra_info.update(extra_info(one_round, whole))

    @property
    def extra_info(self) -> dict[str, Any]:
        """What pytest-benchmark saves beside its own figures."""
        found: dict[str, Any] = self.benchmark.extra_info
        return found

    def _counting(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            begun = len(self._calls)
            try:
                return function(*args, **kwargs)
            finally:
                self._rounds.append(slice(begun, len(self._calls)))

        return counted


def _figures(*rounds: list[LLMCall]) -> Figures | None:
    return measure_rounds(
        [[event for call in each for event in call.attempts] for each in rounds],
        [[call.estimate for call in each if call.estimate is not None] for each in rounds],
    )


@contextmanager
def benchmark_of(
    request: pytest.FixtureRequest, calls: CallLog, now: Callable[[], float]
) -> Iterator[LLMBenchmark]:
    """Give what the fixture gives; without pytest-benchmark, say how to get it."""
    try:
        benchmark = request.getfixturevalue("benchmark")
    except pytest.FixtureLookupError:
        msg = f"llm_benchmark needs pytest-benchmark: {_EXTRA}"
        raise pytest.fail.Exception(msg, pytrace=False) from None
    measuring = LLMBenchmark(benchmark, calls, now)
    yield measuring
    measuring.finish()
