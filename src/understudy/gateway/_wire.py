"""One HTTP exchange over ASGI: its request read within bounds, its answer sent in time."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ..calls import Request
from ..playback import Breakage, Broken
from ._watch import UNWATCHED

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, MutableMapping

    from ..intercept import Answer
    from ..playback import AsyncPlayer
    from ._watch import Watch

Scope: TypeAlias = "MutableMapping[str, Any]"
Message: TypeAlias = "MutableMapping[str, Any]"
Receive: TypeAlias = "Callable[[], Awaitable[Message]]"
Send: TypeAlias = "Callable[[Message], Awaitable[None]]"

#: The ASGI extension of our server that ends a connection: `hang_up(reset)`.
HANG_UP: Final = "understudy.hang_up"
#: A client that sends a body may pause for so many seconds.
_BODY_PAUSE: Final = 30.0
#: Headers of one connection, and of whoever writes to it: recorded ones hold for none here.
_OF_CONNECTION: Final = frozenset(
    {"connection", "content-length", "date", "keep-alive", "transfer-encoding", "upgrade"}
)
#: So much is written without a wait for the client, so that nobody need look whether it left.
_NEVER_WAITS: Final = 32 << 10
_NOTHING_YET: Message = {"more_body": True}


class BodyError(Exception):
    """A body is too long (413), or came too slowly (408)."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class ClientLeft(Exception):  # noqa: N818 - no error: nobody waits for an answer any more
    """The client hung up."""


@dataclass(slots=True, eq=False)
class Exchange:
    """A request and the way back to its client.

    `path` is percent-encoded, `headers` have lower-case names; of one that comes twice the
    last counts. `target` is the path with its query.
    """

    scope: Scope
    receive: Receive
    send: Send
    headers: dict[str, str] = field(init=False)
    has_begun: bool = False

    def __post_init__(self) -> None:
        self.headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in self.scope["headers"]
        }

    @property
    def method(self) -> str:
        """The verb."""
        method: str = self.scope["method"]
        return method

    @property
    def path(self) -> str:
        """The path alone."""
        raw: bytes | None = self.scope.get("raw_path")
        return self.scope["path"] if raw is None else raw.decode("latin-1")

    def request(self, path: str, body: bytes) -> Request:
        """Return the request as one for `path`, its query behind it."""
        query: bytes = self.scope["query_string"]
        url = f"{path}?{query.decode('latin-1')}" if query else path
        return Request(self.method, url, self.headers, body)

    async def body(self, most: int) -> bytes:
        """Read the body.

        Raises:
            BodyError: it is longer than `most` bytes, or stopped coming.
            ClientLeft: the client did.
        """
        told = self.headers.get("content-length", "")
        if told.isdecimal() and int(told) > most:
            raise BodyError(413, f"a body may have {most:,} bytes here.")
        pieces: list[bytes] = []
        size, message = 0, _NOTHING_YET
        try:
            async with asyncio.timeout(_BODY_PAUSE) as pause:
                while message.get("more_body"):
                    message = await self.receive()
                    pieces.append(message.get("body", b""))
                    size += len(pieces[-1])
                    if size > most:
                        raise BodyError(413, f"a body may have {most:,} bytes here.")
                    if message.get("more_body"):
                        pause.reschedule(asyncio.get_running_loop().time() + _BODY_PAUSE)
        except TimeoutError:
            raise BodyError(408, f"the body paused for {_BODY_PAUSE:.0f} seconds.") from None
        if message["type"] == "http.disconnect":
            raise ClientLeft
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    async def respond(
        self, status: int, headers: Iterable[tuple[str, str]], body: bytes | None = None
    ) -> None:
        """Send the head, and the whole body where it is known."""
        self.has_begun = True
        raw = [
            (name.encode("latin-1"), value.encode("latin-1", "replace"))
            for name, value in headers
            if name.lower() not in _OF_CONNECTION
        ]
        if body is None:
            await self.send({"type": "http.response.start", "status": status, "headers": raw})
            return
        raw.append((b"content-length", b"%d" % len(body)))
        await self.send({"type": "http.response.start", "status": status, "headers": raw})
        await self.send({"type": "http.response.body", "body": body})

    async def respond_json(self, value: Any, status: int = 200, **headers: str) -> None:
        """Send JSON; in the names of `headers` `_` stands for `-`."""
        named = [(name.replace("_", "-"), told) for name, told in headers.items()]
        body = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        await self.respond(status, [("content-type", "application/json"), *named], body)

    async def play(self, answer: Answer, watch: Watch = UNWATCHED) -> None:
        """Send an answer chunk by chunk, each in its time, while the client is there.

        Sending waits for a client that reads slowly. The end is told before the client sees it,
        so that a call that it takes for done is in the journal.
        """
        playback, player = answer.playback, answer.async_player(None)
        watch.tell("answered", answer.event_fields, answer.clock)
        try:
            chunks = list(playback.chunks) if playback.comes_at_once else []
            if playback.head_at <= 0 and 0 < sum(len(data) for _, data in chunks) <= _NEVER_WAITS:
                await self._send_played(player, watch, joined=len(chunks) == 1)
            else:
                await self.while_there(self._send_played(player, watch, joined=False))
        except Broken as broken:
            watch.tell("fail", broken)
            await self._break(broken)
        finally:
            player.close()
            watch.tell("close")

    async def hang_up(self, *, reset: bool) -> None:
        """End the connection, with a reset or as one that is closed.

        Raises:
            ConnectionResetError: whoever serves cannot do that.
        """
        if not self.drop(reset=reset):
            raise ConnectionResetError
        await self._until_left()

    def drop(self, *, reset: bool) -> bool:
        """Give the connection up without waiting; False where whoever serves cannot do that."""
        extension = self.scope.get("extensions", {}).get(HANG_UP)
        if extension is not None:
            extension["hang_up"](reset)
        return extension is not None

    async def _send_played(self, player: AsyncPlayer, watch: Watch, *, joined: bool) -> None:
        await player.wait_for_head()
        told = [(name.lower(), value) for name, value in player.headers]
        watch.tell("responded", player.status, told, decoded=False)
        if joined:
            body = b"".join([chunk async for chunk in player])
            watch.tell("chunk", body)
            watch.tell("end")
            await self.respond(player.status, player.headers, body)
            return
        await self.respond(player.status, player.headers)
        async for chunk in player:
            watch.tell("chunk", chunk)
            await self.send_piece(chunk)
        watch.tell("end")
        await self.send_piece(b"", is_last=True)

    async def _break(self, broken: Broken) -> None:
        if broken.kind is Breakage.READ_TIMEOUT:  # the client's own, which nobody knows here
            await self._until_left()
        else:
            await self.hang_up(reset=broken.kind is not Breakage.PEER_DROP)

    async def send_piece(self, data: bytes, *, is_last: bool = False) -> None:
        """Send a piece of the body; this waits for a client that reads slowly."""
        await self.send({"type": "http.response.body", "body": data, "more_body": not is_last})

    async def while_there(self, sending: Awaitable[None]) -> None:
        """Send until the client hangs up.

        Raises:
            ClientLeft: it did.
        """
        task = asyncio.current_task()
        assert task is not None
        has_left = False

        async def watch() -> None:
            nonlocal has_left
            await self._until_left()
            has_left = True
            task.cancel()

        watching = asyncio.create_task(watch())
        try:
            await sending
        except asyncio.CancelledError:
            if has_left and not task.uncancel():
                raise ClientLeft from None
            raise
        finally:
            watching.cancel()

    async def _until_left(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass
