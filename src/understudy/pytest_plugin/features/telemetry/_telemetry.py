"""Whose calls are whose, and what becomes of each test."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from ....telemetry import Owner
from ..._feature import BaseFeature
from ..._test_needs import uses_us
from ...markers._budget import ignores_calls
from ._fixture_scopes import FixtureScope, is_wide
from ._junit import properties_of
from ._phases import Phases, own_node_id

if TYPE_CHECKING:
    import pytest

    from ....app import Instrumentation
    from ..._context import RunContext
    from ..._running_test import RunningTest


class TestTelemetry(BaseFeature):
    """Makes owners of tests and of fixtures of wider scope, and writes how each of them ended."""

    def __init__(self, context: RunContext, rig: Instrumentation, *, worker: str) -> None:
        self._is_on = context.settings.telemetry
        self._writes_xml = bool(context.config.getoption("xmlpath", default=None))
        self._rig = rig
        self._worker = worker
        self._phases = Phases(rig.telemetry.event_log)

    def owner_of(self, item: pytest.Item) -> Owner:
        """Return whose the calls are of a test that begins."""
        node_id = own_node_id(item)
        return Owner(
            phase_id=node_id,
            worker=self._worker,
            rerun=self._phases.begin(node_id),
            stage="setup",
            is_ignored=not (self._is_on or uses_us(item)) or ignores_calls(item),
            keeps_calls=True,
            item=item,
        )

    def in_fixture(self, fixturedef: pytest.FixtureDef[Any]) -> AbstractContextManager[object]:
        """Return what makes the calls of a fixture of wider scope its own."""
        if not is_wide(fixturedef):
            return nullcontext()
        return FixtureScope(fixturedef, self._rig, self._phases, worker=self._worker)

    def report(self, test: RunningTest, report: pytest.TestReport) -> None:
        """Note the outcome; put the test's figures on its last report, for JUnit."""
        self._phases.note(test.owner, report)
        if report.when == "teardown":
            prices = self._rig.prices if self._writes_xml else None
            report.user_properties.extend(properties_of(test.owner, prices))
