"""Faults: which of them befall the mocked calls of a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .._feature import Feature
from ..markers._mocks import FAULTS, check_faults, planned_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._context import RunContext
    from .._running_test import RunningTest
    from .mocks import Mocks


class PlannedFaults(Feature):
    """Warns of a marker that did nothing; the mocks themselves ask which faults a test has."""

    asked_by = frozenset({FAULTS})

    def __init__(self, context: RunContext, mocks: Mocks) -> None:
        self._context = context
        self._mocks = mocks
        self._answered_before = 0

    def check(self, items: Sequence[pytest.Item]) -> None:  # noqa: ARG002 - it is about the run
        """Refuse names of the option that no fault has."""
        check_faults(self._context.settings.faults, self._context, "--llm-faults")

    def failures(self, test: RunningTest) -> None:
        """Warn of a marker that did nothing in a call that passed."""
        if test.stage == "setup":
            self._answered_before = self._mocks.answered
        elif test.stage == "call" and test.outcome is None:
            self._warn(test.item)

    def _warn(self, item: pytest.Item) -> None:
        if self._mocks.answered == self._answered_before:
            names = ", ".join(planned_for(item, self._context.settings))
            msg = f"no call was mocked, so the faults did nothing: {names}"
            item.warn(pytest.PytestWarning(msg))
