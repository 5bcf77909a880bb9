"""The stages of a test: its mock comes into force, is judged, and goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ...mock import UnmatchedCall
from .._verdict import Verdict, judged

if TYPE_CHECKING:
    from collections.abc import Generator

    from ...telemetry import Owner, Ownership
    from ._cast import Cast
    from ._mocking import Mocking


class MockedStages:
    """Hears of the tests from when the first mock is asked for.

    The owner of a test comes and goes in wrappers around these, so that here it is there.
    """

    def __init__(self, mocking: Mocking, cast: Cast, ownership: Ownership) -> None:
        self._mocking = mocking
        self._cast = cast
        self._ownership = ownership

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Put a mock in force before the first fixture is set up."""
        owner = self._ownership.current()
        if self._mocking.has_own(item):
            self._mocking.mock_for(owner)
        try:
            return (yield)
        except BaseException as error:
            failure = self._verdict(item, owner).on(error)
            if failure is None:
                raise
            raise failure from None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Fail the test where one of its calls found no answer, whatever became of the error."""
        owner = self._ownership.current()
        return (yield from judged(lambda: self._verdict(item, owner)))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Take the mock away when the last fixture is torn down."""
        owner = self._ownership.current()
        try:
            return (yield from judged(lambda: self._verdict(item, owner)))
        finally:
            self._cast.close(owner)

    def _verdict(self, item: pytest.Item, owner: Owner) -> Verdict:
        """Judge what this test, and fixtures of wider scope that it needed, called in vain."""
        misses = self._cast.misses.take(lambda one: one is owner or one.is_fixture)
        return Verdict(item, [miss.error for miss in misses], plain=UnmatchedCall)
