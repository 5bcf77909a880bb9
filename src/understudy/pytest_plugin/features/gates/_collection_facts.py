"""What was collected, selected and run, in each process that runs tests."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from ....errors import SettingsError
from ....gates import Metric, module_of
from ....gates.policy import read_rules
from ..._skip_reason import skip_reason
from ..telemetry import own_node_id
from ._report_facts import ATTRIBUTE, ReportFacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


_MARKER: Final = "llm_gate"
_ONLY_SHOWN: Final = ("collectonly", "setuponly", "setupplan")


class CollectionFacts:
    """Hears which modules are complete, and what the reports of their tests leave out.

    Attributes:
        ran: whether tests were about to run, and not only to be collected or shown.
        reports: what was heard of the tests themselves.
    """

    def __init__(self, config: pytest.Config, metrics: Mapping[str, Metric]) -> None:
        self.ran = False
        self.reports = ReportFacts(metrics)
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

    @pytest.hookimpl
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """The tests that run are known."""
        self._selected = {own_node_id(item) for item in session.items}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> None:
        """Tests are about to run."""
        self.ran = not any(map(self._config.getoption, _ONLY_SHOWN))

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A stage of a test was reported, perhaps in a worker."""
        self.reports.note(report)

    def read_markers(self, items: Iterable[pytest.Item]) -> None:
        """Read the markers of the tests that were selected.

        Raises:
            pytest.UsageError: one is called wrongly; says which and what to write.
        """
        for item in items:
            found = self._thresholds_of(item)
            if found:
                self._thresholds[own_node_id(item)] = found

    def note_on(self, report: pytest.TestReport, item: pytest.Item) -> None:
        """Put onto a report what the controller is to know of its test."""
        node_id = own_node_id(item)
        test_facts = {
            "node_id": node_id,
            "markers": sorted({marker.name for marker in item.iter_markers()}),
            "thresholds": self._thresholds.get(node_id, {}),
        }
        setattr(report, ATTRIBUTE, test_facts)

    def collected(self) -> dict[str, Any]:
        """Return the modules of which all tests were selected, and those that were skipped."""
        return {"complete": self._complete(), "skipped": self._skipped}

    def _thresholds_of(self, item: pytest.Item) -> dict[str, Any]:
        """Return what the markers of a test say, the nearest over the farther."""
        found: dict[str, Any] = {}
        for marker in reversed(list(item.iter_markers(_MARKER))):
            where = f"{_MARKER} of {item.nodeid}"
            if marker.args or not marker.kwargs:
                msg = f'{where}: write it by metric, like {_MARKER}(cost="+5%", attempts=1).'
                raise pytest.UsageError(msg)
            try:
                read_rules(marker.kwargs, self._metrics, where=where)
            except SettingsError as error:
                raise pytest.UsageError(str(error)) from None
            found |= marker.kwargs
        return found

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
