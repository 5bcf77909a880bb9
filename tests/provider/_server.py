"""The server: plain asyncio in a thread of its own, so that it can break any rule of HTTP."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from ._dialects import JSON, Answer, answer, model_of
from ._encodings import encoded
from ._play import Play

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from types import TracebackType


@dataclass(slots=True)
class Received:
    """One request as it came, and the plain body that was answered, as far as it got."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    status: int = 0
    sent: bytes = b""

    @property
    def json(self) -> dict[str, Any]:
        """The body, read as a JSON object; empty where it is none."""
        try:
            asked = json.loads(self.body)
        except ValueError:
            return {}
        return asked if isinstance(asked, dict) else {}


@dataclass
class Provider:
    """A fake provider on 127.0.0.1, running while it is entered."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    _seen: Counter[str] = field(default_factory=Counter)
    _is_up: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        """The root of it, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def last(self) -> Received:
        """The request that came last."""
        return self.received[-1]

    def reset(self) -> None:
        """Forget what came so far."""
        self.received.clear()
        self._seen.clear()

    def __enter__(self) -> Self:
        self._thread = Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        self._is_up.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        self._talks: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._talk, "127.0.0.1", self.port, backlog=512)
        self.port = server.sockets[0].getsockname()[1]
        self._is_up.set()
        await self._stopped.wait()
        server.close()
        for talk in tuple(self._talks):
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _talk(self, reader: StreamReader, writer: StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        try:
            while (received := await _read_request(reader)) is not None:
                self.received.append(received)
                if not await self._answer(received, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._talks.discard(talk)
            writer.close()

    async def _answer(self, received: Received, writer: StreamWriter) -> bool:
        """Answer one request; False where the connection ends with it."""
        path = urlsplit(received.path).path
        model = model_of(path, received.json)
        play = Play.of(model)
        self._seen[model] += 1
        told = answer(path, received.json, play.chunks)
        if play.mute:
            await self._stopped.wait()
        await asyncio.sleep(play.head / 1000)
        if received.method == "HEAD":
            return await _write(writer, _head(204, JSON, length=0))
        if received.method != "POST":
            return await _refuse(received, writer, 200, {})
        if told is None:
            return await _refuse(received, writer, 404, {})
        if self._seen[model] <= play.busy:
            return await _refuse(received, writer, 429, {"retry-after-ms": "1", "retry-after": "0"})
        if play.status != HTTPStatus.OK:
            return await _refuse(received, writer, play.status, {})
        return await self._play(received, told, play, writer)

    async def _play(
        self, received: Received, told: Answer, play: Play, writer: StreamWriter
    ) -> bool:
        received.status = 200
        pieces = list(encoded(told.pieces, play.enc))
        plain = [*told.pieces, *[b""] * (len(pieces) - len(told.pieces))]
        length = None if told.streams else sum(map(len, pieces))
        writer.write(_head(200, told.content_type, play.enc, length))
        await writer.drain()
        for number, (piece, text) in enumerate(zip(pieces, plain, strict=True)):
            if number == play.cut:
                return False
            if number == play.hang:
                await self._stopped.wait()
            await asyncio.sleep((play.gap if number else play.first) / 1000)
            received.sent += text
            writer.write(b"%x\r\n%s\r\n" % (len(piece), piece) if told.streams else piece)
            await writer.drain()
        if told.streams:
            writer.write(b"0\r\n\r\n")
            await writer.drain()
        return True


async def _read_request(reader: StreamReader) -> Received | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    line, *lines = head.decode("latin-1").strip().split("\r\n")
    method, path, _ = line.split(" ")
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (header.partition(":") for header in lines)
    }
    return Received(method, path, headers, await _read_body(reader, headers))


async def _read_body(reader: StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding") != "chunked":
        return await reader.readexactly(int(headers.get("content-length", 0)))
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body


def _head(
    status: int,
    content_type: str,
    encoding: str = "",
    length: int | None = None,
    extra: dict[str, str] | None = None,
) -> bytes:
    headers = {
        "content-type": content_type,
        "x-request-id": "req_1",
        **(extra or {}),
        **({"content-encoding": encoding} if encoding else {}),
        **({"transfer-encoding": "chunked"} if length is None else {"content-length": length}),
    }
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


async def _refuse(
    received: Received, writer: StreamWriter, status: int, extra: dict[str, str]
) -> bool:
    body = json.dumps({"error": {"type": "fake_error", "message": f"status {status}"}}).encode()
    received.status, received.sent = status, body
    return await _write(writer, _head(status, JSON, length=len(body), extra=extra) + body)


async def _write(writer: StreamWriter, data: bytes) -> bool:
    writer.write(data)
    await writer.drain()
    return True
