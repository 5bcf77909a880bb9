"""Finds the recordings of a request without looking at the others."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._keys import Keys

_Queues = dict[str, deque[int]]


class Index:
    """The places of interactions by key, each to be played once, in order.

    A place is found under its exact key first, then under its loose one.
    """

    def __init__(self) -> None:
        self.plays: list[int] = []
        self._keys: list[Keys] = []
        self._exact: _Queues = {}
        self._loose: _Queues = {}
        self._last: dict[str, int] = {}

    def add(self, keys: Keys) -> None:
        """Add the next place."""
        place = len(self._keys)
        self._keys.append(keys)
        self.plays.append(0)
        self._enqueue(place)

    def rewind(self) -> None:
        """Make every place playable again."""
        self.plays = [0] * len(self._keys)
        self._exact, self._loose, self._last = {}, {}, {}
        for place in range(len(self._keys)):
            self._enqueue(place)

    def knows(self, keys: Keys) -> bool:
        """Tell whether a request with these keys was ever there, played or not."""
        return keys.loose in self._loose

    def take(
        self, keys: Keys, *, repeats: bool = False, suits: Callable[[int], bool] | None = None
    ) -> int | None:
        """Play a place and return it; None where none is left.

        `repeats` plays the last one again; `suits` has the last word on a place.
        """
        place = self._unplayed(self._exact.get(keys.exact), suits)
        if place is None and keys.loose != keys.exact:
            place = self._unplayed(self._loose.get(keys.loose), suits)
        if place is None and repeats:
            place = self._played_last(keys, suits)
        if place is not None:
            self.plays[place] += 1
            self._last[keys.exact] = self._last[keys.loose] = place
        return place

    def _enqueue(self, place: int) -> None:
        keys = self._keys[place]
        self._exact.setdefault(keys.exact, deque()).append(place)
        self._loose.setdefault(keys.loose, deque()).append(place)

    def _unplayed(
        self, queue: deque[int] | None, suits: Callable[[int], bool] | None
    ) -> int | None:
        while queue and self.plays[queue[0]]:
            queue.popleft()
        if not queue or suits is None:
            return queue[0] if queue else None
        return next((place for place in queue if not self.plays[place] and suits(place)), None)

    def _played_last(self, keys: Keys, suits: Callable[[int], bool] | None) -> int | None:
        place = self._last.get(keys.exact, self._last.get(keys.loose))
        return place if place is not None and (suits is None or suits(place)) else None
