"""Plays an answer to a client that blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._breakage import Broken
from ._play import Play

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..clock import Clock
    from ._playback import Playback


class Player(Play):
    """The body of an answer, each chunk at its moment; it can be read once.

    Whoever reads on after the end (openai's SDK does, after `[DONE]`) gets nothing more.
    """

    __slots__ = ("_chunks",)

    def __init__(
        self,
        playback: Playback,
        clock: Clock,
        *,
        began: float,
        read_timeout: float | None = None,
        on_end: Callable[[Broken | None], None] | None = None,
    ) -> None:
        super().__init__(playback, clock, began=began, read_timeout=read_timeout, on_end=on_end)
        self._chunks = self._play()

    def wait_for_head(self) -> None:
        """Block until status and headers are there; who gives that up, gives the answer up.

        Raises:
            Broken: the connection broke before.
        """
        if not self._has_head:
            next(self._chunks, None)

    def __iter__(self) -> Iterator[bytes]:
        self.wait_for_head()
        return self._chunks

    def _play(self) -> Iterator[bytes]:
        """Yield the head, as empty bytes, and then the chunks."""
        clock, began, reached = self._clock, self._began, 0.0
        try:
            for at, data in self._timeline:
                if at > reached:
                    clock.sleep_until(began + at)
                    reached = at
                # Another thread may have closed it meanwhile.
                if self._is_over:
                    return
                if type(data) is not bytes:
                    assert isinstance(data, Broken)
                    self._finish(data)
                    raise data
                self._has_head = True
                yield data
        finally:
            self._finish(None)
