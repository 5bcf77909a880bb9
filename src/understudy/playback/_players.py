"""Plays an answer to a client, which blocks or awaits."""

from __future__ import annotations

from asyncio import CancelledError
from math import ceil
from typing import TYPE_CHECKING, Final

from ._playback import LONGEST_SILENCE, Broken, GivenUp, Silence, timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import NoReturn, Self

    from ..clock import Clock
    from ._playback import Playback, Step

#: How often whoever waits in a silence looks up, in seconds.
_GLANCE: Final = 0.05


class Play:
    """How far an answer was played.

    Args:
        playback: the answer.
        clock: what to wait on.
        began: when the request began, as `clock.now()` told it.
        read_timeout: seconds that the client waits for the next bytes; None is for ever.
        on_end: called once, when the answer has ended, broken off or been given up.
    """

    __slots__ = (
        "_began",
        "_clock",
        "_has_head",
        "_is_over",
        "_on_end",
        "_timeline",
        "headers",
        "status",
    )

    def __init__(
        self,
        playback: Playback,
        clock: Clock,
        *,
        began: float,
        read_timeout: float | None = None,
        on_end: Callable[[Broken | None], None] | None = None,
    ) -> None:
        self.status = playback.status
        self.headers = playback.headers
        self._clock = clock
        self._began = began
        self._on_end = on_end
        self._timeline = timeline(playback, read_timeout, waits=clock.name == "virtual")
        self._has_head = False
        self._is_over = False
        self._prepare()

    def _prepare(self) -> None:
        """Set up what a player keeps beside."""

    def close(self) -> None:
        """Give the rest up."""
        self._finish(None)

    def _finish(self, broken: Broken | None) -> None:
        if self._is_over:
            return
        self._is_over = True
        if self._on_end is not None:
            self._on_end(broken)


class Player(Play):
    """The body of an answer, each chunk at its moment; it can be read once.

    Whoever reads on after the end (openai's SDK does, after `[DONE]`) gets nothing more.
    """

    __slots__ = ("_chunks",)

    def _prepare(self) -> None:
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
                if not isinstance(data, bytes):
                    self._end_with(data)
                self._has_head = True
                yield data
        finally:
            self._finish(None)

    def _end_with(self, data: Broken | Silence) -> NoReturn:
        """Raise how it breaks off; a silence is waited out in the time of the machine.

        What gives up a thread that blocks does so in that time, whatever clock it is on.
        """
        if isinstance(data, Broken):
            self._finish(data)
            raise data
        if self._clock.name == "virtual":
            self._clock.sleep(LONGEST_SILENCE)
        for _ in range(ceil(data.seconds / _GLANCE)):
            if data.is_over.wait(_GLANCE) or self._is_over:
                raise GivenUp
        raise data.outlasted()


class AsyncPlayer(Play):
    """The body of an answer, each chunk at its moment; it can be read once.

    A reader that is cancelled while it waits may read on: nothing is lost.
    """

    __slots__ = ("_reached", "_waiting_for")

    def _prepare(self) -> None:
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
        if isinstance(data, Broken):
            self._finish(data)
            raise data
        assert isinstance(data, Silence)
        self._waiting_for = step
        await self._outlast(data)
        raise data.outlasted()

    async def _outlast(self, silence: Silence) -> None:
        """Wait a silence out, and leave the others of the loop their turns."""
        if self._clock.name == "virtual":
            await self._clock.async_sleep(LONGEST_SILENCE)
            return
        for _ in range(ceil(silence.seconds / _GLANCE)):
            await self._clock.async_sleep(_GLANCE)
            if silence.is_over.is_set() or self._is_over:
                raise CancelledError
