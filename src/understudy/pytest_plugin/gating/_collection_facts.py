"""What was collected, selected and run, in each process that runs tests."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from ...gates import module_of
from .._workers import KEY, refusals_handed_back
from ..features.telemetry import own_node_id
from ._marker import thresholds_of

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from ...gates import Metric

#: Under this name it goes to the controller, and stands on the first report of a test.
FACTS: Final = "gate"
ATTRIBUTE: Final = "understudy_gate"

_SKIPPED: Final = 3


class CollectionFacts:
    """Notes which modules are complete, and what the reports of their tests leave out."""

    def __init__(self, config: pytest.Config, metrics: Mapping[str, Metric]) -> None:
        self._config: Any = config
        self._metrics = metrics
        self._generated: dict[str, set[str]] = defaultdict(set)
        self._selected: set[str] = set()
        self._thresholds: dict[str, dict[str, Any]] = {}
        self._skipped: dict[str, str] = {}

    @pytest.hookimpl
    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """A test was found."""
        node_id = own_node_id(item)
        self._generated[module_of(node_id)].add(node_id)

    @pytest.hookimpl
    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file was collected, perhaps without a test, or skipped as a whole."""
        node_id = str(report.nodeid)
        if "::" in node_id or not (self._config.rootpath / node_id).is_file():
            return
        if report.passed:
            self._generated[node_id] |= set()
        elif report.skipped:
            self._skipped[node_id] = skip_reason(report.longrepr)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Read the markers of the tests that were selected.

        Raises:
            pytest.UsageError: one is called wrongly.
        """
        with refusals_handed_back(self._config, items):
            for item in items:
                found = thresholds_of(item, self._metrics)
                if found:
                    self._thresholds[own_node_id(item)] = found

    @pytest.hookimpl
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """The tests that run are known."""
        self._selected = {own_node_id(item) for item in session.items}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Let the first report of a test carry what the gate wants to know of it."""
        report = yield
        if call.when == "setup":
            node_id = own_node_id(item)
            test_facts = {
                "node_id": node_id,
                "markers": sorted({marker.name for marker in item.iter_markers()}),
                "thresholds": self._thresholds.get(node_id, {}),
            }
            setattr(report, ATTRIBUTE, test_facts)
        return report

    @pytest.hookimpl
    def pytest_sessionfinish(self) -> None:
        """Hand the facts to the controller."""
        if hasattr(self._config, "workerinput"):
            self._config.workeroutput.setdefault(KEY, {})[FACTS] = self.collected()

    def collected(self) -> dict[str, Any]:
        """Return the modules of which all tests were selected, and those that were skipped."""
        return {"complete": self._complete(), "skipped": self._skipped}

    def _complete(self) -> list[str]:
        if self._config.getoption("lf", default=False):
            return []
        narrowed = {self._path(argument) for argument in self._config.args if "::" in argument}
        return sorted(
            module
            for module, found in self._generated.items()
            if found <= self._selected and module not in narrowed
        )

    def _path(self, argument: str) -> str:
        path = Path(self._config.invocation_params.dir, argument.partition("::")[0]).resolve()
        root = self._config.rootpath.resolve()
        return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def skip_reason(longrepr: object) -> str:
    """Return why a test or module was skipped: the last of file, line and message."""
    if isinstance(longrepr, tuple) and len(longrepr) == _SKIPPED:
        return str(longrepr[-1]).removeprefix("Skipped: ")
    return ""
