"""One reply after the other."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from ._protocol import Declined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...wire.writing import Failure
    from .._incoming import IncomingCall
    from .._reply_content import ReplyContent
    from ._protocol import ReplySource


class InOrder:
    """Each call gets the next reply; after the last one there is none."""

    runs_out = True

    def __init__(self, sources: Sequence[ReplySource]) -> None:
        self._sources = sources
        self._lock = Lock()
        self._given = 0
        self.gives_vectors = bool(sources) and all(source.gives_vectors for source in sources)

    def reply_to(self, call: IncomingCall, *, keep: bool) -> ReplyContent | Failure | Declined:
        """Give the next reply."""
        with self._lock:
            number = self._given
            if number == len(self._sources):
                return Declined(f"all {number} replies have been given")
            self._given += not keep
        return self._sources[number].reply_to(call, keep=keep)
