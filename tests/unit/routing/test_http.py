"""Providers behind a base URL, over real sockets and over a transport."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from tests.unit.routing.stand_ins import answer, ask, chunks, make_router

from understudy.routing import (
    AllFailedError,
    HttpProvider,
    ProviderError,
    RetryPolicy,
    RouterConfigError,
    StreamBrokenError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

URL = "https://llm.example/v1"


class Server(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """Answers requests by a function; notes them."""

    def __init__(self, answers: Callable[[Any], Any]) -> None:
        self._answers = answers
        self.asked: list[httpx2.Request] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a thread."""
        self.asked.append(request)
        got = self._answers(json.loads(request.read()))
        if isinstance(got, BaseException):
            raise got
        assert isinstance(got, httpx2.Response)
        return got

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a task."""
        await request.aread()
        return self.handle_request(request)


class Body(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body in pieces, which may break."""

    def __init__(self, *pieces: bytes | Exception) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def __aiter__(self) -> Any:
        for piece in self:
            yield piece


def sse(*events: Any, done: bool = True) -> bytes:
    lines = [each if isinstance(each, str) else json.dumps(each) for each in events]
    told = [f"data: {line}\n\n" for line in [*lines, *(["[DONE]"] if done else [])]]
    return (": a comment\n\n" + "".join(told)).encode()


def by_thread(provider: HttpProvider, *, stream: bool = False) -> Any:
    router = make_router(provider, cache=False, retry=RetryPolicy(retries=0))
    return list(router.stream(ask())) if stream else router.complete(ask())


def by_task(provider: HttpProvider, *, stream: bool = False) -> Any:
    router = make_router(provider, cache=False, retry=RetryPolicy(retries=0))

    async def run() -> Any:
        try:
            if stream:
                return [piece async for piece in router.astream(ask())]
            return await router.acomplete(ask())
        finally:
            await router.aclose()

    return asyncio.run(run())


both = pytest.mark.parametrize("read", [by_thread, by_task])


@both
def test_what_comes_is_handed_on_as_it_is(read: Any) -> None:
    """With the key as a bearer token; the request goes out as it was given."""
    text = json.dumps(answer("Grüß Gott"), indent=3)
    server = Server(lambda _: httpx2.Response(200, text=text))

    said = read(HttpProvider("openai", URL, key="s3cret", transport=server))

    assert (said.data, said.text, said.cost_nanousd) == (text, "Grüß Gott", 7_500_000)
    request = server.asked[0]
    assert str(request.url) == f"{URL}/chat/completions"
    assert request.headers["authorization"] == "Bearer s3cret"
    assert json.loads(request.content) == ask()


@both
def test_events_are_handed_on_as_they_are(read: Any) -> None:
    """Whatever pieces the network makes of them."""
    told = [json.dumps(each, indent=None) for each in chunks("a\n", "b")]
    raw = sse(*told)
    body = Body(*(raw[place : place + 7] for place in range(0, len(raw), 7)))
    server = Server(lambda _: httpx2.Response(200, stream=body))

    pieces = read(HttpProvider("openai", URL, transport=server), stream=True)

    assert [piece.data for piece in pieces] == [*told, "[DONE]"]
    assert json.loads(server.asked[0].content)["stream"] is True
    assert "authorization" not in server.asked[0].headers


@both
@pytest.mark.parametrize("stream", [False, True])
def test_a_refusal_is_the_providers_own(read: Any, *, stream: bool) -> None:
    """Status, headers and body."""
    server = Server(lambda _: httpx2.Response(422, text="no such field", headers={"x-id": "7"}))

    with pytest.raises(ProviderError, match="openai answered 422: no such field") as caught:
        read(HttpProvider("openai", URL, key="s3cret", transport=server), stream=stream)
    assert (caught.value.status, caught.value.headers["x-id"]) == (422, "7")
    assert "s3cret" not in f"{caught.value!r}"


@both
@pytest.mark.parametrize(
    ("error", "outcome"),
    [(httpx2.ReadTimeout("slow"), "timeout"), (httpx2.ConnectError("no"), "connection")],
)
def test_the_networks_errors_have_their_kinds(read: Any, error: Exception, outcome: str) -> None:
    """Those of the standard library."""
    server = Server(lambda _: error)

    with pytest.raises(AllFailedError) as caught:
        read(HttpProvider("openai", URL, transport=server))
    assert [each.outcome for each in caught.value.attempts] == [outcome]


@both
def test_a_connection_that_breaks_is_no_end(read: Any) -> None:
    """After the first content; before it, it is a failure like any other."""
    begun = sse(*chunks("a")[:2], done=False)
    server = Server(lambda _: httpx2.Response(200, stream=Body(begun, httpx2.ReadError("reset"))))

    with pytest.raises(StreamBrokenError, match="could not be reached: reset"):
        read(HttpProvider("openai", URL, transport=server), stream=True)


def test_an_address_is_a_url() -> None:
    """And no key is shown of a provider."""
    with pytest.raises(RouterConfigError, match=r"base_url='api.openai.com': it begins with"):
        HttpProvider("openai", "api.openai.com")
    assert repr(HttpProvider("openai", URL, key="s3cret")) == f"<HttpProvider 'openai' {URL}>"


def test_each_loop_has_connections_of_its_own() -> None:
    """A router outlives loops."""
    server = Server(lambda _: httpx2.Response(200, json=answer()))
    provider = HttpProvider("openai", URL, transport=server)
    router = make_router(provider, cache=False)

    for _ in range(2):
        assert asyncio.run(router.acomplete(ask())).text == "Hello."
    assert router.complete(ask()).text == "Hello."
    router.close()
