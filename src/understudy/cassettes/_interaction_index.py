"""The interactions of an open cassette: which there are, and which were played."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .matching import Index, all_match

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ._interaction import Interaction, RecordedRequest
    from ._stored_interaction import StoredInteraction
    from .matching import KeyMaker, Keys


class InteractionIndex:
    """Interactions in order: those of the file, then those that were recorded since.

    Not safe for threads: whoever holds it sees to that.
    """

    def __init__(self, entries: Iterable[StoredInteraction], keys: KeyMaker) -> None:
        self._entries: list[StoredInteraction] = []
        self._index = Index()
        self._matchers = keys.matchers
        self._repeats = keys.matching.allow_playback_repeats
        for entry in entries:
            self.add(entry)
        self._loaded = len(self._entries)

    def add(self, entry: StoredInteraction) -> None:
        """Add an interaction at the end."""
        self._entries.append(entry)
        self._index.add(entry.keys)

    def take(self, keys: Keys, request: RecordedRequest) -> int | None:
        """Play an interaction that answers a request; return its place, None where none does."""
        suits = self._suits(request) if self._matchers else None
        return self._index.take(keys, repeats=self._repeats, suits=suits)

    def knows(self, keys: Keys) -> bool:
        """Tell whether an interaction ever answered a request with these keys."""
        return self._index.knows(keys)

    def rewind(self) -> None:
        """Make every interaction playable again."""
        self._index.rewind()

    @property
    def plays(self) -> Sequence[int]:
        """How often each interaction was played."""
        return self._index.plays

    @property
    def all(self) -> tuple[Interaction, ...]:
        """All interactions."""
        return self._where(lambda _: True)

    @property
    def played(self) -> tuple[Interaction, ...]:
        """Those that were played."""
        return self._where(lambda place: self.plays[place] > 0)

    @property
    def unplayed(self) -> tuple[Interaction, ...]:
        """Those of the file that were not played."""
        return self._where(lambda place: place < self._loaded and not self.plays[place])

    @property
    def recorded(self) -> tuple[Interaction, ...]:
        """Those that are not of the file."""
        return self._where(lambda place: place >= self._loaded)

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, place: int) -> Interaction:
        return self._entries[place].interaction

    def _suits(self, request: RecordedRequest) -> Callable[[int], bool]:
        return lambda place: all_match(self._matchers, request, self[place].request)

    def _where(self, wanted: Callable[[int], bool]) -> tuple[Interaction, ...]:
        return tuple(self[place] for place in range(len(self)) if wanted(place))
