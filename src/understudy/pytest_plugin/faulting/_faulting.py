"""Lets the planned faults befall the mocked calls of each test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ...errors import UnderstudyError
from ._planned import MARKER, planned_for

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from ...mock import MockLLM
    from ...settings import Settings
    from ..mocking import Mocking


class Faulting:
    """Plans the faults of each new mock, each for one attempt, in the order of their names."""

    def __init__(self, settings: Settings, mocking: Mocking) -> None:
        self._settings = settings
        self._mocking = mocking

    def check(self, items: Iterable[pytest.Item]) -> None:
        """Refuse names that no fault has, before any test runs.

        Raises:
            pytest.UsageError: says which name, the nearest one, and whose it is.
        """
        self._check(self._settings.faults, "--llm-faults")
        for item in items:
            if item.get_closest_marker(MARKER) is not None:
                self._check(planned_for(item, self._settings), item.nodeid)

    def prepare(self, mock: MockLLM, item: pytest.Item | None) -> None:
        """Plan the faults of a new mock; item None is a wider scope."""
        for name in planned_for(item, self._settings):
            mock.fail(name, times=1)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Warn of a marker that did nothing."""
        if item.get_closest_marker(MARKER) is None:
            return (yield)
        before = self._mocking.cast.answered
        result = yield
        if self._mocking.cast.answered == before:
            names = ", ".join(planned_for(item, self._settings))
            msg = f"no call was mocked, so the faults did nothing: {names}"
            item.warn(pytest.PytestWarning(msg))
        return result

    def _check(self, names: Iterable[str], where: str) -> None:
        for name in names:
            try:
                self._mocking.library.faults.make(name)
            except UnderstudyError as error:
                msg = f"{where}: {error}"
                raise pytest.UsageError(msg) from error
