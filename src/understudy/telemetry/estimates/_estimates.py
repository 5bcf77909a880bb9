"""The predictions of one process of a run."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Final, TypeAlias

from ...events import new_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...calls import Request
    from ...clock import Clock
    from ...events import Estimate
    from .._event_log import EventLog
    from .._owner import Owner, Ownership
    from ._scope import EstimateScope

#: Predicts a call of an owner before it is made; the request is None where no wire shows it.
Predictor: TypeAlias = "Callable[[Owner, Request | None], Estimate | None]"

_PLACE: Final = "recording an estimate"
_OUTSIDE: Final = "it was made outside any test and fixture, and an estimate belongs to one of them"


class Estimates:
    """Writes one line for each logical call that somebody predicts, before it is made.

    The innermost open scope predicts; without one, the first of `predictors` that does.
    What a call comes to is read from its events, by whoever reads the lines.
    """

    def __init__(self, *, event_log: EventLog, ownership: Ownership, clock: Clock) -> None:
        self.variable: ContextVar[EstimateScope | None] = ContextVar(
            "understudy_estimate", default=None
        )
        self.predictors: list[Predictor] = []
        self._event_log = event_log
        self._ownership = ownership
        self._clock = clock

    @property
    def are_made(self) -> bool:
        """Whether anybody might predict a call that begins here and now."""
        return bool(self.predictors) or self.innermost() is not None

    def innermost(self) -> EstimateScope | None:
        """Return the innermost scope of this task or thread that is still open."""
        scope = self.variable.get()
        while scope is not None and not scope.is_open:
            scope = scope.outer
        return scope

    def enter(self, scope: EstimateScope) -> None:
        """Make `scope` the innermost one."""
        scope.owner = self._ownership.current()
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
            estimate = self._asked(owner, request)
        if estimate is not None:
            self.write(owner, estimate, call_id)

    def write(self, owner: Owner, estimate: Estimate, call_id: str | None = None) -> None:
        """Write a prediction; without `call_id`, one that no call was made for."""
        if owner.is_ignored:
            return
        if owner.phase_id is None:
            self._event_log.faults.note(_PLACE, _OUTSIDE)
            return
        fields = {
            "estimate_id": new_id(),
            "ts": self._clock.wall(),
            "run_id": self._event_log.run_id,
            "phase_id": owner.phase_id,
            "worker": owner.worker,
            "rerun": owner.rerun,
            "call_id": call_id,
            **estimate.columns(),
        }
        owner.estimates.append(fields)
        self._event_log.write({"kind": "estimate", **fields})

    def _asked(self, owner: Owner, request: Request | None) -> Estimate | None:
        for predict in self.predictors:
            with self._event_log.faults.contained("predicting the tokens of a call"):
                estimate = predict(owner, request)
                if estimate is not None:
                    return estimate
        return None
