"""Predictions by marker, fixture and hook, where no tracker of the application predicts."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import TYPE_CHECKING, Protocol

import pytest

from ...events import Complexity, Estimate, parse_estimate
from ...telemetry import EstimateScope, Owner, Telemetry
from .._feature import Feature
from ..markers._calls import estimate_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...calls import Request
    from .._running_test import RunningTest


class Predict(Protocol):
    """What the fixture `llm_estimate` gives."""

    def __call__(
        self,
        output_tokens: int,
        *,
        budget: int | None = None,
        category: str | None = None,
        complexity: Complexity | None = None,
        deliverables: Sequence[str] | None = None,
        prompt_tokens: int | None = None,
        model: str | None = None,
    ) -> EstimateScope:
        """Return a context manager, sync and async: the prediction for the calls made inside.

        Raises:
            EstimateError: a value cannot be used.
        """
        ...


class MarkerPredictor:
    """Asks the marker of the test that runs. Satisfies `understudy.telemetry.Predictor`."""

    def __init__(self) -> None:
        #: Whether a test runs that has the marker.
        self.is_wanted = False

    def predict(self, owner: Owner, _: Request | None) -> Estimate | None:
        """Return what the marker says, of calls that are a test's own."""
        return estimate_of(owner.item) if isinstance(owner.item, pytest.Item) else None


class HookPredictor:
    """Asks the hook `pytest_llm_estimate`. Satisfies `understudy.telemetry.Predictor`."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._asking: ContextVar[bool] = ContextVar("understudy_asking", default=False)
        self.look()

    def look(self) -> None:
        """See whether some plugin or conftest that is loaded by now implements the hook."""
        self.is_wanted = bool(self._config.hook.pytest_llm_estimate.get_hookimpls())

    def predict(self, owner: Owner, request: Request | None) -> Estimate | None:
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


class Predictions(Feature):
    """Predicts the calls of each test, and says of a marker if its test made none."""

    asked_by = frozenset({"llm_estimate"})

    def __init__(
        self, telemetry: Telemetry, *, marker: MarkerPredictor, hook: HookPredictor
    ) -> None:
        self._estimates = telemetry.estimates
        self._marker = marker
        self._hook = hook
        self._ran = False

    def check(self, items: Sequence[pytest.Item]) -> None:  # noqa: ARG002 - it is about the run
        """See who predicts: all conftest files are loaded."""
        self._hook.look()

    def predict(self, output_tokens: int, **more: object) -> EstimateScope:
        """Predict what the calls of a block need; satisfies `Predict`."""
        estimate = parse_estimate({"output_tokens": output_tokens, **more}, where="llm_estimate")
        return EstimateScope(self._estimates, estimate)

    @contextmanager
    def begin_test(self, test: RunningTest) -> Iterator[None]:
        """Ask the marker while a test runs that has one; say so if the test made no call."""
        self._ran = False
        estimate = estimate_of(test.item)
        if estimate is None:
            yield
            return
        self._marker.is_wanted = True
        try:
            yield
        finally:
            self._marker.is_wanted = False
            if self._ran and not test.owner.estimates:
                self._estimates.write(test.owner, estimate)

    def failures(self, test: RunningTest) -> None:
        """Remember that the test ran and was not skipped."""
        if test.stage == "call":
            self._ran = not isinstance(test.outcome, pytest.skip.Exception)
