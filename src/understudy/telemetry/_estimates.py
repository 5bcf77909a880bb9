"""Predictions of output tokens, and the calls that they are for."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol, Self

from ..events import Estimate, new_id

if TYPE_CHECKING:
    from ..calls import Request
    from ..clock import Clock
    from ._event_log import EventLog
    from ._owner import Owner, Ownership

_PLACE: Final = "recording an estimate"
_OUTSIDE: Final = "it was made outside any test and fixture, and an estimate belongs to one of them"


class Predictor(Protocol):
    """Predicts calls before they are made, where no scope of the application does."""

    @property
    def is_wanted(self) -> bool:
        """Whether there may be a prediction at all: asked at each call, so cheap."""

    def predict(self, owner: Owner, request: Request | None) -> Estimate | None:
        """Predict a call of `owner`; the request is None where no wire shows it."""


@dataclass(eq=False, kw_only=True, slots=True)
class Estimates:
    """Writes one line for each logical call that somebody predicts, before it is made.

    The innermost open scope predicts; without one, the first of `predictors` that does.
    What a call comes to is read from its events, by whoever reads the lines.
    """

    event_log: EventLog
    ownership: Ownership
    clock: Clock
    predictors: tuple[Predictor, ...] = ()
    variable: ContextVar[EstimateScope | None] = field(
        default_factory=lambda: ContextVar("understudy_estimate", default=None)
    )

    def innermost(self) -> EstimateScope | None:
        """Return the innermost scope of this task or thread that is still open."""
        scope = self.variable.get()
        while scope is not None and not scope.is_open:
            scope = scope.outer
        return scope

    def enter(self, scope: EstimateScope) -> None:
        """Make `scope` the innermost one."""
        scope.owner = self.ownership.current()
        scope.outer = self.innermost()
        self.variable.set(scope)

    def leave(self, scope: EstimateScope) -> None:
        """Say of a scope that ends if no call was made inside."""
        self.variable.set(self.innermost())
        if not scope.calls and scope.owner is not None and scope.estimate is not None:
            self.write(scope.owner, scope.estimate)

    def predict(self, owner: Owner, call_id: str, request: Request | None = None) -> None:
        """Ask for the prediction of the call that begins now, and write it if there is one."""
        scope = self.innermost()
        if scope is not None:
            scope.note_call()
            estimate = scope.estimate
        else:
            estimate = self._predicted(owner, request)
        if estimate is not None:
            self.write(owner, estimate, call_id)

    def write(self, owner: Owner, estimate: Estimate, call_id: str | None = None) -> None:
        """Write a prediction; without `call_id`, one that no call was made for."""
        if owner.is_ignored:
            return
        if owner.phase_id is None:
            self.event_log.faults.note(_PLACE, _OUTSIDE)
            return
        fields = {
            "estimate_id": new_id(),
            "ts": self.clock.wall(),
            "run_id": self.event_log.run_id,
            "phase_id": owner.phase_id,
            "worker": owner.worker,
            "rerun": owner.rerun,
            "call_id": call_id,
            **estimate.columns(),
        }
        if call_id is not None:
            self.event_log.hold_prediction(call_id)
        owner.estimates.append(fields)
        self.event_log.write({"kind": "estimate", **fields})

    def _predicted(self, owner: Owner, request: Request | None) -> Estimate | None:
        for predictor in self.predictors:
            with self.event_log.faults.contained("predicting the tokens of a call"):
                estimate = predictor.predict(owner, request) if predictor.is_wanted else None
                if estimate is not None:
                    return estimate
        return None


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

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()
