"""Whom a router tells what it does: callbacks, so that it knows no telemetry."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, fields
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from ._answers import Answer, Attempt

_Callback: TypeAlias = Callable[..., object] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Callbacks:
    """What is called when something happens. What a callback raises is counted and goes nowhere.

    Add two of them to have both called. They are called by the thread or task that does the
    work, under no lock; one that blocks holds that request up.

    Args:
        on_trip: `(provider, failures)`: a breaker opened.
        on_failover: `(from_provider, to_provider, reason)`: another one is asked.
        on_attempt: `(attempt)`: a try at a provider ended.
        on_answer: `(answer)`: a request was answered, or its stream was left half-way.
        on_failure: `(agent, model, error)`: a request found no answer.
    """

    on_trip: Callable[[str, int], object] | None = None
    on_failover: Callable[[str, str, str], object] | None = None
    on_attempt: Callable[[Attempt], object] | None = None
    on_answer: Callable[[Answer], object] | None = None
    on_failure: Callable[[str, str, Exception], object] | None = None

    def __add__(self, other: Callbacks) -> Callbacks:
        both = {
            each.name: _both(getattr(self, each.name), getattr(other, each.name))
            for each in fields(self)
        }
        return Callbacks(**both)


def _both(first: _Callback, second: _Callback) -> _Callback:
    if first is None or second is None:
        return first or second

    def both(*told: Any) -> None:
        try:
            first(*told)
        finally:
            second(*told)

    return both


class Teller:
    """Calls callbacks and keeps what they raise away from the request."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._faults = 0

    @property
    def faults(self) -> int:
        """How many callbacks failed."""
        return self._faults

    def tell(self, callback: Callable[..., object] | None, *told: object) -> None:
        """Call a callback, where there is one."""
        if callback is None:
            return
        try:
            callback(*told)
        except Exception as error:  # noqa: BLE001 - a request must not fail of who looks on
            self.note(callback, error)

    def note(self, callback: object, error: Exception) -> None:
        """Count something that was called and failed; say so the first time."""
        with self._lock:
            self._faults += 1
            is_first = self._faults == 1
        if is_first:
            logging.getLogger("understudy.routing").warning(
                "what the router called failed (%r: %s); it goes on without that. This is said"
                " once.", callback, error,
            )  # fmt: skip
