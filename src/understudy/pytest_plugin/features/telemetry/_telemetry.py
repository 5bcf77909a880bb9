"""Telemetry of tests: whose calls are whose, and who hears of them."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, Final

import pytest

from ....pricing import load_price_list
from ....reports import Line
from ....telemetry import CallLog, Owner, Told
from ..._feature import Feature
from ..._test_needs import ignores_calls, uses_us
from ._phases import FixtureScope, Phases, own_node_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ....app import Instrumentation
    from ....pricing import PriceBook
    from ..._context import RunContext
    from ..._running_test import RunningTest


#: Mocks that answer above all clients, where no tap stands.
_ABOVE: Final = ("botocore.stub", "httmock", "moto", "pook")


class CallRecordedHook:
    """Calls the hook for each recorded call. Satisfies `understudy.telemetry.Listener`."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self.look()

    def look(self) -> None:
        """See whether some plugin or conftest that is loaded by now implements the hook."""
        self.is_wanted = bool(self._config.hook.pytest_llm_call_recorded.get_hookimpls())

    def hear(self, owner: Owner, told: Told) -> None:
        """Call the hook, where the event is a call."""
        if not told.is_call:
            return
        hook = owner.item.ihook if isinstance(owner.item, pytest.Item) else self._config.hook
        try:
            hook.pytest_llm_call_recorded(item=owner.item, event=told.event)
        except (pytest.fail.Exception, pytest.skip.Exception) as error:
            # No `Exception`, so that it would reach the code that made the call.
            raise RuntimeError(str(error)) from error


class PhaseTelemetry(Feature):
    """Makes owners of tests and of fixtures of wider scope, and writes how each of them ended."""

    def __init__(
        self,
        context: RunContext,
        instrumentation: Instrumentation,
        *,
        hook: CallRecordedHook,
        worker: str,
    ) -> None:
        settings = context.settings
        self._is_on = settings.telemetry or settings.lifecycle == "debug"
        self._writes_xml = bool(context.config.getoption("xmlpath", default=None))
        self._instrumentation = instrumentation
        self._hook = hook
        self._worker = worker
        self._phases = Phases(instrumentation.telemetry.event_log)
        self._above: list[str] = []

    def check(self, items: Sequence[pytest.Item]) -> None:  # noqa: ARG002 - it is about the run
        """See who wants to hear of calls: all conftest files are loaded."""
        self._hook.look()

    def owner_of(self, item: pytest.Item) -> Owner:
        """Return whose the calls are of a test that begins."""
        node_id = own_node_id(item)
        return Owner(
            phase_id=node_id,
            worker=self._worker,
            rerun=self._phases.begin(node_id),
            stage="setup",
            is_ignored=not (self._is_on or uses_us(item)) or ignores_calls(item),
            may_wake=not ignores_calls(item),
            keeps_calls=True,
            item=item,
        )

    def call_log(self, test: RunningTest) -> CallLog:
        """Return the calls of the test that runs now; from now on they are kept."""
        test.owner.is_ignored = ignores_calls(test.item)
        if iscoroutinefunction(getattr(test.item, "obj", None)):
            load_price_list()
        return CallLog(test.owner, self._instrumentation.prices)

    def in_fixture(self, fixturedef: pytest.FixtureDef[Any]) -> AbstractContextManager[object]:
        """Return what makes the calls of a fixture of wider scope its own."""
        if fixturedef.scope == "function":
            return nullcontext()
        return FixtureScope(fixturedef, self._instrumentation, self._phases, worker=self._worker)

    def handover(self) -> dict[str, Any]:
        """Return the mocks that are loaded and cannot be seen."""
        return {"above": self._mocks_above()}

    def take(self, handed: dict[str, Any]) -> None:
        """Take what a worker handed over."""
        self._above += [one for one in handed["above"] if one not in self._above]

    def notices(self) -> Iterator[Line]:
        """Yield the mocks whose answers stand nowhere."""
        above = sorted({*self._above, *self._mocks_above()})
        if above:
            text = f"calls that {', '.join(above)} answers are not seen: no client sends them."
            yield Line(f"understudy: {text}", {"yellow": True})

    def _mocks_above(self) -> list[str]:
        return [name for name in _ABOVE if self._is_on and name in sys.modules]

    def report(self, test: RunningTest, report: pytest.TestReport) -> None:
        """Note the outcome; put the test's figures on its last report, for JUnit."""
        self._phases.note(test.owner, report)
        if report.when == "teardown":
            prices = self._instrumentation.prices if self._writes_xml else None
            report.user_properties.extend(_properties_of(test.owner, prices))


def _properties_of(owner: Owner, prices: PriceBook | None) -> list[tuple[str, object]]:
    """Return the figures of a test, nothing for a test without a call.

    The cost is among them only with `prices`, which take their time to load.
    """
    attempts = [recorded.fields for recorded in owner.calls]
    if not attempts:
        return []
    figures = {
        "llm.calls": len({attempt["call_id"] for attempt in attempts}),
        "llm.attempts": len(attempts),
        "llm.errors": sum(attempt.get("status") == "error" for attempt in attempts),
        "llm.input_tokens": _sum(_known(attempts, "input_tokens")),
        "llm.output_tokens": _sum(_known(attempts, "output_tokens")),
        "llm.cost_usd": None if prices is None else _cost(CallLog(owner, prices)),
        "llm.ttfc_ms": max(_known(attempts, "ttfc_ms"), default=None),
        "llm.duration_ms": _sum(_known(attempts, "duration_ms")),
    }
    return [(name, value) for name, value in figures.items() if value is not None]


def _cost(calls: CallLog) -> str | None:
    cost = calls.total_cost_usd
    return None if cost is None else str(cost)


def _known(attempts: Iterable[dict[str, Any]], name: str) -> Iterator[float]:
    return (attempt[name] for attempt in attempts if attempt.get(name) is not None)


def _sum(values: Iterable[float]) -> float | None:
    known = list(values)
    return round(sum(known), 3) if known else None
