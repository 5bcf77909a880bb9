"""The faults that a test has planned, and which of them befall a call."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..scenarios.conditions import Condition
    from ._call import IncomingCall
    from .faults import Fault


class NamedFault(NamedTuple):
    """A fault under the name that it was asked for."""

    name: str
    fault: Fault


@dataclass(slots=True)
class _Planned:
    named: NamedFault
    condition: Condition
    left: int | None


class FaultPlan:
    """Counted faults, safe to use from several threads."""

    def __init__(self) -> None:
        self._planned: tuple[_Planned, ...] = ()
        self._lock = Lock()

    def add(self, named: NamedFault, condition: Condition, times: int | None) -> None:
        """Plan a fault for the calls that `condition` takes, or `times` of them."""
        with self._lock:
            self._planned = (*self._planned, _Planned(named, condition, times))

    def clear(self) -> None:
        """Plan none."""
        with self._lock:
            self._planned = ()

    def take(self, call: IncomingCall) -> tuple[NamedFault, ...]:
        """Return what befalls this call: the first fault that spoils it, and all that do not."""
        if not self._planned:
            return ()
        with self._lock:
            taken = []
            is_spoilt = False
            for planned in self._planned:
                fault = planned.named.fault
                if planned.left == 0 or (fault.spoils and is_spoilt):
                    continue
                if planned.condition.holds(call):
                    planned.left = None if planned.left is None else planned.left - 1
                    is_spoilt = is_spoilt or fault.spoils
                    taken.append(planned.named)
            return tuple(taken)
