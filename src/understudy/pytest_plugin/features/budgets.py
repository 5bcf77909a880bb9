"""Budgets: the marker `llm_budget` of a test, and `--llm-budget` of a run."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from ...calls import Origin, Status
from ...errors import counted, printable
from ...pricing import PriceBook, is_unpriced
from ...reports import Line
from ...telemetry import CallLog
from .._feature import Feature
from ..markers._calls import Budget, budget_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...events import CallEvent
    from .._running_test import RunningTest
    from ..run import FinishedRun


class Budgets(Feature):
    """Fails tests and runs whose calls exceed their limits."""

    asked_by = frozenset({"llm_budget"})

    def __init__(self, budget: Decimal | None, prices: PriceBook) -> None:
        self._budget = budget
        self._prices = prices
        self._breach: str | None = None

    def judge_test(self, test: RunningTest) -> None:
        """Fail a test that exceeds the limits of its marker.

        What cannot be known (a price, a token count) under a limit for it fails too.
        """
        budget = budget_of(test.item)
        if budget is None:
            return
        breaches = list(_breaches(CallLog(test.owner, self._prices), budget))
        if breaches:
            pytest.fail(printable("llm_budget exceeded: " + "; ".join(breaches)), pytrace=False)

    def finish(self, run: FinishedRun) -> pytest.ExitCode | None:
        """Fail a run whose live calls cost too much, or that cannot be judged."""
        if self._budget is None:
            return None
        if run.is_readable:
            self._breach = run_budget_breach(run.calls, self._budget)
        else:
            self._breach = "the calls of the run could not be read, so its budget cannot be judged"
        is_judged = self._breach is not None and run.exit_status == pytest.ExitCode.OK
        return pytest.ExitCode.TESTS_FAILED if is_judged else None

    def notices(self) -> Iterator[Line]:
        """Say why the run fails."""
        if self._breach is not None:
            yield Line(f"FAILED llm_budget: {self._breach}", {"red": True})


def run_budget_breach(calls: Iterable[CallEvent], budget: Decimal | None) -> str | None:
    """Say how the calls that cost money exceed `budget` in USD; None where they do not.

    Mocked and replayed calls cost nothing. A live call without a price is a breach: the
    budget cannot be judged.
    """
    if budget is None:
        return None
    spent = [call for call in calls if call.origin in {Origin.LIVE, Origin.RECORDED}]
    cost = Decimal(sum(call.cost_nanousd or 0 for call in spent)) / 1_000_000_000
    if cost > budget:
        return f"the run's live calls cost ${cost:f}, ${budget:f} allowed"
    return next(_unpriced(spent, f"the budget of ${budget:f}"), None)


def _breaches(calls: CallLog, budget: Budget) -> Iterator[str]:
    attempts = [event for call in calls for event in call.attempts]
    if budget.calls is not None and calls.count > budget.calls:
        yield f"{counted(calls.count, 'call')}, {budget.calls:g} allowed"
    if budget.usd is not None:
        yield from _cost_breaches(attempts, Decimal(str(budget.usd)))
    if budget.tokens is not None:
        yield from _token_breaches(attempts, budget.tokens)
    if budget.ttfc_ms is not None:
        yield from _ttfc_breaches(attempts, budget.ttfc_ms)


def _cost_breaches(attempts: list[CallEvent], limit: Decimal) -> Iterator[str]:
    yield from _unpriced(attempts, f"usd={limit:f}")
    cost = Decimal(sum(event.cost_nanousd or 0 for event in attempts)) / 1_000_000_000
    if cost > limit:
        yield f"${cost:f} at list price, ${limit:f} allowed"


def _unpriced(attempts: Iterable[CallEvent], limit: str) -> Iterator[str]:
    """Say which calls cost nobody knows how much, and what to do about it."""
    events = [event for event in attempts if is_unpriced(event)]
    if not events:
        return
    models = sorted({event.model or "unknown" for event in events})
    silent = all(_tokens(event) is None and event.output_tokens is None for event in events)
    advice = "no usage in the answer" if silent else "price it in [tool.understudy.prices]"
    yield f"no price for {', '.join(models)}, so {limit} cannot be judged ({advice})"


def _token_breaches(attempts: list[CallEvent], limit: float) -> Iterator[str]:
    counts = [_tokens(event) for event in attempts if event.status is not Status.ERROR]
    unknown = counts.count(None)
    if unknown:
        yield f"{counted(unknown, 'call')} sent no usage, so tokens={limit:g} cannot be judged"
    total = sum(count for count in counts if count is not None)
    if total > limit:
        yield f"{counted(total, 'token')}, {limit:g} allowed"


def _tokens(event: CallEvent) -> int | None:
    return None if event.input_tokens is None else event.input_tokens + (event.output_tokens or 0)


def _ttfc_breaches(attempts: list[CallEvent], limit: float) -> Iterator[str]:
    times = [event.ttfc_ms for event in attempts if event.ttfc_ms is not None]
    if times and max(times) > limit:
        yield f"first content after {max(times):.0f} ms, {limit:g} ms allowed"
