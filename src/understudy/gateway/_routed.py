"""Answers of a router over HTTP: whole ones, and streams as they come."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

from ..routing import (
    AllFailedError,
    DeadlineError,
    NoHealthyProviderError,
    ProviderError,
    RouterError,
    StreamBrokenError,
)
from ..wire.fields import mapping, parse
from ..wire.writing import SSE, encoded, json_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..routing import Answer, Router
    from ..wire.writing import Headers
    from ._wire import Exchange

#: What routers understand.
ROUTED: Final = "openai.chat"
#: Says who asks.
AGENT_HEADER: Final = "x-understudy-agent"
_JSON: Final = ("content-type", "application/json")


class Routed:
    """Answers chat requests by a router, whose providers are asked for the client."""

    def __init__(self, router: Router) -> None:
        self.router = router

    async def answer(self, exchange: Exchange, body: Mapping[str, Any]) -> None:
        """Answer a request, and give it up with its client.

        Raises:
            RouterError: there is no answer; nothing was sent yet.
            ClientLeft: nobody waits for it any more.
        """
        agent = exchange.headers.get(AGENT_HEADER, "")
        send = self._stream if body.get("stream") is True else self._whole
        await exchange.while_there(send(exchange, body, agent))

    async def aclose(self) -> None:
        """Let go of the connections to providers."""
        await self.router.aclose()

    async def _whole(self, exchange: Exchange, body: Mapping[str, Any], agent: str) -> None:
        answer = await self.router.acomplete(body, agent=agent)
        await exchange.respond(200, (_JSON, *_told_of(answer)), encoded(answer.data))

    async def _stream(self, exchange: Exchange, body: Mapping[str, Any], agent: str) -> None:
        async with aclosing(self.router.astream(body, agent=agent)) as pieces:  # type: ignore[type-var]
            async for piece in pieces:
                if not exchange.has_begun:
                    await exchange.respond(200, [("content-type", SSE.content_type)])
                event = encoded(f"data: {piece.data}\n\n")
                await exchange.send_piece(event, is_last=piece.done)

    async def break_off(self, exchange: Exchange, error: RouterError) -> None:
        """End a stream that has begun with the error: without its end, so that nobody takes it."""
        told = {"error": {"message": str(error), "type": error.slug, "code": status_of(error)}}
        await exchange.send_piece(encoded(f"data: {json_text(told)}\n\n"), is_last=True)


def status_of(error: RouterError) -> int:
    """Return the HTTP status that says the same; 502 where it is the providers' fault."""
    if error.status is not None:
        return error.status
    if isinstance(error, NoHealthyProviderError):
        return 503
    return 504 if isinstance(error, DeadlineError) else 502


def headers_of(error: RouterError) -> Headers:
    """Return when it is worth to ask again, and how often providers were asked."""
    told: list[tuple[str, str]] = []
    if error.retry_after is not None:
        told.append(("retry-after", f"{error.retry_after:.12g}"))
    if isinstance(error, AllFailedError):
        told.append(("x-understudy-attempts", str(len(error.attempts))))
    return tuple(told)


def body_of(error: RouterError) -> bytes | None:
    """Return what the provider itself said, None where it said nothing that SDKs read."""
    is_broken = isinstance(error, StreamBrokenError)
    if is_broken or not isinstance(error, ProviderError):
        return None
    said = error.body.encode("utf-8", "replace")
    return said if "error" in mapping(parse(said)) else None


def _told_of(answer: Answer) -> Headers:
    return (
        ("x-understudy-cache", answer.cache),
        ("x-understudy-provider", answer.provider),
        ("x-understudy-attempts", str(len(answer.attempts))),
    )
