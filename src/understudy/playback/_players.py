"""Plays an answer to a client, which blocks or awaits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._playback import Broken, timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

    from ..clock import Clock
    from ._playback import Playback, Step


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
                if type(data) is not bytes:
                    assert isinstance(data, Broken)
                    self._finish(data)
                    raise data
                self._has_head = True
                yield data
        finally:
            self._finish(None)


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
        assert isinstance(data, Broken)
        self._finish(data)
        raise data
