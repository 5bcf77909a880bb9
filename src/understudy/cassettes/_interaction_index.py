"""The interactions of an open cassette: which answers a request, which were played."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from .matching import KeyMaker, Keys, all_match

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._interaction import Interaction, RecordedRequest
    from ._stored_interaction import StoredInteraction

_Queues = dict[str, deque[int]]


class InteractionIndex:
    """Interactions in order: those of the file, then those that were recorded since.

    Each is to be played once, in order; it is found under its exact key first, then under its
    loose one, without a look at the others. Not safe for threads: whoever holds it sees to that.
    """

    def __init__(self, stored: Iterable[StoredInteraction], keys: KeyMaker) -> None:
        #: How often each interaction was played.
        self.plays: list[int] = []
        self._stored: list[StoredInteraction] = []
        self._exact: _Queues = {}
        self._loose: _Queues = {}
        self._last: dict[str, int] = {}
        self._matchers = keys.matchers
        self._repeats = keys.matching.allow_playback_repeats
        for each in stored:
            self.add(each)
        #: How many are of the file.
        self.loaded = len(self._stored)

    def add(self, stored: StoredInteraction) -> None:
        """Add an interaction at the end."""
        self._stored.append(stored)
        self.plays.append(0)
        self._enqueue(len(self._stored) - 1)

    def take(self, keys: Keys, request: RecordedRequest) -> int | None:
        """Play an interaction that answers a request; return its place, None where none does.

        The user's own matchers have the last word on a place.
        """
        place = self._unplayed(self._exact.get(keys.exact), request)
        if place is None and keys.loose != keys.exact:
            place = self._unplayed(self._loose.get(keys.loose), request)
        if place is None and self._repeats:
            last = self._last.get(keys.exact, self._last.get(keys.loose))
            place = last if last is not None and self._suits(last, request) else None
        if place is not None:
            self.plays[place] += 1
            self._last[keys.exact] = self._last[keys.loose] = place
        return place

    def knows(self, keys: Keys) -> bool:
        """Tell whether an interaction ever answered a request with these keys."""
        return keys.loose in self._loose

    def rewind(self) -> None:
        """Make every interaction playable again."""
        self.plays = [0] * len(self._stored)
        self._exact, self._loose, self._last = {}, {}, {}
        for place in range(len(self._stored)):
            self._enqueue(place)

    def __len__(self) -> int:
        return len(self._stored)

    def __getitem__(self, place: int) -> Interaction:
        return self._stored[place].interaction

    def _enqueue(self, place: int) -> None:
        keys = self._stored[place].keys
        self._exact.setdefault(keys.exact, deque()).append(place)
        self._loose.setdefault(keys.loose, deque()).append(place)

    def _unplayed(self, queue: deque[int] | None, request: RecordedRequest) -> int | None:
        while queue and self.plays[queue[0]]:
            queue.popleft()
        if not queue or not self._matchers:
            return queue[0] if queue else None
        places = (place for place in queue if not self.plays[place])
        return next((place for place in places if self._suits(place, request)), None)

    def _suits(self, place: int, request: RecordedRequest) -> bool:
        return all_match(self._matchers, request, self[place].request)
