"""Who predicts a call where no context manager and no tracker does: the marker, then the hook."""

from __future__ import annotations

from contextvars import ContextVar, copy_context
from typing import TYPE_CHECKING

import pytest

from ...events import parse_estimate
from ._marker import estimate_of

if TYPE_CHECKING:
    from collections.abc import Generator

    from ...calls import Request
    from ...events import Estimate
    from ...telemetry import Owner, Telemetry


class Predicting:
    """Predicts the calls of each test, and says of a marker if its test made none."""

    def __init__(self, config: pytest.Config, telemetry: Telemetry) -> None:
        self._config = config
        self._estimates = telemetry.estimates
        self._ownership = telemetry.ownership
        self._asking: ContextVar[bool] = ContextVar("understudy_asking", default=False)
        self._ran: pytest.Item | None = None

    def begin(self) -> None:
        """Ask the hook from now on, where anybody implements it."""
        wanted = self._config.hook.pytest_llm_estimate.get_hookimpls()
        if wanted and self._by_hook not in self._estimates.predictors:
            self._estimates.predictors.append(self._by_hook)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Ask the marker too while a test runs that has one."""
        self.begin()
        if estimate_of(item) is not None:
            self._estimates.predictors.insert(0, self._by_marker)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Remember which test ran and was not skipped."""
        self._ran = item
        try:
            return (yield)
        except pytest.skip.Exception:
            self._ran = None
            raise

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, object, object]:
        """Write the prediction of a marker whose test made no call."""
        try:
            return (yield)
        finally:
            if self._by_marker in self._estimates.predictors:
                self._estimates.predictors.remove(self._by_marker)
                self._write_unmet(item)

    def _write_unmet(self, item: pytest.Item) -> None:
        owner = self._ownership.current()
        estimate = estimate_of(item)
        is_unmet = self._ran is item and owner.item is item and not owner.estimates
        if is_unmet and estimate is not None:
            self._estimates.write(owner, estimate)

    def _by_marker(self, owner: Owner, _: Request | None) -> Estimate | None:
        return estimate_of(owner.item) if isinstance(owner.item, pytest.Item) else None

    def _by_hook(self, owner: Owner, request: Request | None) -> Estimate | None:
        """Ask the application; what it calls meanwhile is not asked about, nor traced."""
        if request is None or self._asking.get():
            return None
        return copy_context().run(self._ask, owner, request)

    def _ask(self, owner: Owner, request: Request) -> Estimate | None:
        self._asking.set(True)
        hook = owner.item.ihook if isinstance(owner.item, pytest.Item) else self._config.hook
        try:
            answer = hook.pytest_llm_estimate(item=owner.item, request=request)
        except (pytest.fail.Exception, pytest.skip.Exception) as error:
            # No `Exception`, so that it would reach the code that made the call.
            raise RuntimeError(str(error)) from error
        return None if answer is None else parse_estimate(answer, where="pytest_llm_estimate")
