"""Answers in the network's place, for aiohttp.

The session's own code runs as ever, parser and time-outs included, but for the connector: that
hands out a connection whose bytes one task feeds.
"""

# ruff: noqa: SLF001 - an answer stands where the library has no door

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

from ...calls import Request
from ...playback import AsyncPlayer, Breakage, Broken
from ._http1 import Framing, lowered, refuses_connection, system_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._answer import Answer


class AnsweredSession:
    """A session, but for the connector of one call.

    Without an `answer` that goes out; `answer_again` is asked about the requests that it is
    redirected to.
    """

    def __init__(
        self, session: Any, answer: Answer | None, answer_again: Callable[[Request], Answer | None]
    ) -> None:
        self._session = session
        self._connector = _Connector(session._connector, answer, answer_again)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


class _Connector:
    """A connector whose connections lead to answers; those that nobody answers lead out."""

    def __init__(
        self,
        connector: Any,
        answer: Answer | None,
        answer_again: Callable[[Request], Answer | None],
    ) -> None:
        self._connector = connector
        self._answer = answer
        self._answer_again = answer_again
        #: Where the request before went; None before the first one, and where it was answered.
        self._gone_to: str | None = None
        self._is_first = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connector, name)

    async def connect(self, req: Any, **options: Any) -> Any:
        answer = self._next_answer(req)
        if answer is None:
            return await self._connector.connect(req, **options)
        player = answer.async_player(_read_timeout(options["timeout"]))
        key = req.connection_key
        if refuses_connection(answer.playback):
            await _refuse(player, key)
        loop = asyncio.get_running_loop()
        protocol = sys.modules["aiohttp.client_proto"].ResponseHandler(loop=loop)
        protocol.connection_made(_Transport(player, protocol, req.method))
        return sys.modules["aiohttp.connector"].Connection(self, key, protocol, loop)

    def _next_answer(self, req: Any) -> Answer | None:
        """Return what answers; a connection that was lost is tried again as the request was."""
        address = f"{req.method} {req.url}"
        if self._is_first:
            answer, self._is_first = self._answer, False
        elif address == self._gone_to:
            return None
        else:
            answer = self._answer_again(_described(req))
        self._gone_to = None if answer is not None else address
        return answer

    def _release(self, _: Any, protocol: Any, *, should_close: bool = False) -> None:  # noqa: ARG002
        protocol.close()


def _described(req: Any) -> Request:
    headers = dict(lowered(req.headers.items()))
    body = getattr(req.body, "_value", b"")
    return Request(req.method, str(req.url), headers, body if isinstance(body, bytes) else b"")


def _read_timeout(timeout: Any) -> float | None:
    # The limit of the whole call is a limit of each silence too; aiohttp itself keeps both.
    limit: float | None = timeout.total if timeout.sock_read is None else timeout.sock_read
    return limit or None


async def _refuse(player: AsyncPlayer, key: Any) -> None:
    errors = sys.modules["aiohttp.client_exceptions"]
    try:
        await player.wait_for_head()
    except Broken as broken:
        raise errors.ClientConnectorError(key, system_error(broken)) from broken
    finally:
        player.close()


class _Transport(asyncio.Transport):
    """Takes whatever is sent, and feeds what the player plays."""

    def __init__(self, player: AsyncPlayer, protocol: Any, method: str) -> None:
        super().__init__()
        self._player = player
        self._protocol = protocol
        self._method = method
        self._is_closing = False
        self._may_feed = asyncio.Event()
        self._may_feed.set()
        self._loop = asyncio.get_running_loop()
        self._feeding = self._loop.create_task(self._feed())

    async def _feed(self) -> None:
        try:
            await asyncio.sleep(0)  # the request is sent first
            await self._play()
            lost: BaseException | None = None
        except Broken as broken:
            if broken.kind is Breakage.READ_TIMEOUT:
                self._protocol._on_read_timeout()
                return
            lost = system_error(broken)
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 - the reader must hear of it
            lost = error
        finally:
            self._player.close()
        if not self._is_closing:
            self._lose(lost)

    async def _play(self) -> None:
        player, receive = self._player, self._protocol.data_received
        await player.wait_for_head()
        framing = Framing(player, self._method)
        receive(framing.head)
        async for data in player:
            await self._may_feed.wait()
            receive(framing.frame(data))
            await asyncio.sleep(0)  # the reader has its turn, so that pieces stay apart
        receive(framing.end)

    def _lose(self, error: BaseException | None) -> None:
        self._is_closing = True
        self._protocol.connection_lost(error)

    def close(self) -> None:
        if not self._is_closing:
            self._is_closing = True
            self._player.close()
            self._feeding.cancel()
            self._loop.call_soon(self._protocol.connection_lost, None)

    abort = close

    def is_closing(self) -> bool:
        return self._is_closing

    def write(self, data: object) -> None:
        """Take it."""

    def writelines(self, list_of_data: object) -> None:
        """Take it."""

    def write_eof(self) -> None:
        """Take it."""

    def can_write_eof(self) -> bool:
        return False

    def pause_reading(self) -> None:
        self._may_feed.clear()

    def resume_reading(self) -> None:
        self._may_feed.set()
