"""A prediction that holds for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

    from ...events import Estimate
    from .._owner import Owner
    from ._estimates import Estimates


class EstimateScope:
    """The prediction for each call made inside: a context manager, sync and async.

    It holds in the task or thread that enters it and in those that are started inside. Of
    scopes inside each other the inner one predicts. One without a prediction does nothing.
    """

    def __init__(self, estimates: Estimates, estimate: Estimate | None) -> None:
        self.estimate = estimate
        self.owner: Owner | None = None
        self.outer: EstimateScope | None = None
        self.calls = 0
        self.is_open = False
        self._estimates = estimates

    def note_call(self) -> None:
        """Count a call that begins inside."""
        self.calls += 1
        if self.outer is not None:
            self.outer.note_call()

    def open(self) -> None:
        """Predict from here on."""
        if self.estimate is not None and not self.is_open:
            self.calls = 0
            self.is_open = True
            self._estimates.enter(self)

    def close(self) -> None:
        """Predict no longer. A second call does nothing."""
        if self.is_open:
            self.is_open = False
            self._estimates.leave(self)

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
