"""The end of an xdist worker: hands to the controller what no journal holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ._handover import KEY

if TYPE_CHECKING:
    from ..app import Instrumentation
    from ._books import Books


class WorkerEnd:
    """Hears the end of a worker."""

    def __init__(self, config: pytest.Config, rig: Instrumentation, books: Books) -> None:
        self._config: Any = config
        self._rig = rig
        self._books = books

    def begin(self) -> None:
        """The controller keeps the record of the run."""

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Close the journal and hand over the rest as plain values.

        By now pytest has torn down what an interrupted test left.
        """
        self._rig.recorder.flush()
        self._books.close()
        faults = self._rig.faults
        self._config.workeroutput.setdefault(KEY, {}).update(
            worker=self._books.worker,
            lines=[line.decode() for line in self._books.kept],
            failure=self._books.failure,
            faults=dict(faults.counts),
            first_faults=dict(faults.first),
            passed_by=self._rig.recorder.passed_by,
        )
