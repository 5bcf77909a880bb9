"""Equal requests at the same time share one call: a flight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._answers import Answer


class Landed(NamedTuple):
    """What a flight came to: an answer, an error for all, or neither: whoever led it gave up."""

    answer: Answer | None = None
    error: BaseException | None = None

    @property
    def is_over(self) -> bool:
        """Whether it came to anything; else one of those who wait has to lead another."""
        return self.answer is not None or self.error is not None


Tell: TypeAlias = "Callable[[Landed], None]"

#: What a flight comes to whose leader gave up.
GIVEN_UP: Final = Landed()


class Flight:
    """A request under way, and who waits for it.

    `is_boarding` while it waits for others like it before it is sent. `stop` ends it when nobody
    waits any more; a thread cannot be stopped, so that one has none.
    """

    __slots__ = ("is_boarding", "key", "stop", "waiting")

    def __init__(self, key: str) -> None:
        self.key = key
        self.is_boarding = False
        self.stop: Callable[[], object] | None = None
        self.waiting: dict[object, Tell] = {}


class Flights:
    """The flights of a router by key. It holds no lock: the router does."""

    def __init__(self) -> None:
        self._by_key: dict[str, Flight] = {}

    def find(self, key: str) -> Flight | None:
        """Return the flight for a key."""
        return self._by_key.get(key)

    def lead(self, key: str) -> Flight:
        """Begin a flight that others may join."""
        flight = self._by_key[key] = Flight(key)
        return flight

    def leave(self, flight: Flight, waiter: object) -> bool:
        """Let a waiter go; tell whether it was the last one of a flight that can be stopped.

        Nobody joins such a flight any more.
        """
        flight.waiting.pop(waiter, None)
        if flight.waiting or flight.stop is None:
            return False
        self._forget(flight)
        return True

    def land(self, flight: Flight) -> list[Tell]:
        """End a flight; return who is to be told."""
        self._forget(flight)
        waiting = list(flight.waiting.values())
        flight.waiting.clear()
        return waiting

    def _forget(self, flight: Flight) -> None:
        if self._by_key.get(flight.key) is flight:
            del self._by_key[flight.key]
