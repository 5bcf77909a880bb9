"""Plays an answer to a client that awaits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._breakage import Broken
from ._play import Play

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from ..clock import Clock
    from ._playback import Playback
    from ._timeline import Step


class AsyncPlayer(Play):
    """The body of an answer, each chunk at its moment; it can be read once.

    A reader that is cancelled while it waits may read on: nothing is lost.
    """

    __slots__ = ("_reached", "_waiting_for")

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
        self._reached = 0.0
        self._waiting_for: Step | None = None

    async def wait_for_head(self) -> None:
        """Wait until status and headers are there; who gives that up, gives the answer up.

        Raises:
            Broken: the connection broke before.
        """
        if self._has_head:
            return
        self._has_head = True
        try:
            await self._step()
        except BaseException:
            # There is no response yet that anybody could close.
            self.close()
            raise

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        if not self._has_head:
            await self.wait_for_head()
        data = None if self._is_over else await self._step()
        if data is None:
            self._finish(None)
            raise StopAsyncIteration
        return data

    async def aclose(self) -> None:
        """Give the rest up."""
        self.close()

    async def _step(self) -> bytes | None:
        step = self._waiting_for or next(self._timeline, None)
        if step is None:
            return None
        at, data = step
        if at > self._reached:
            self._waiting_for = step
            await self._clock.async_sleep_until(self._began + at)
            self._reached = at
            self._waiting_for = None
        if type(data) is bytes:
            # Another task may have closed it meanwhile.
            return None if self._is_over else data
        assert isinstance(data, Broken)
        self._finish(data)
        raise data
