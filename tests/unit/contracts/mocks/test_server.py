"""Mock providers on loopback, in the wire format of whoever asks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from understudy.contracts import MockProviderWithErrors, ProviderServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HELLO: dict[str, Any] = {"messages": [{"role": "user", "content": "hello"}]}
FORMATS: dict[str, dict[str, Any]] = {
    "/v1/chat/completions": {"model": "gpt-4o", **HELLO},
    "/v1/responses": {"model": "gpt-4o", "input": "hello"},
    "/v1/messages": {"model": "claude-sonnet-4-5", "max_tokens": 9, **HELLO},
    "/v1beta/models/gemini-2.5-pro:generateContent": {"contents": [{"parts": [{"text": "hello"}]}]},
    "/v2/chat": {"model": "command-a", **HELLO},
    "/api/chat": {"model": "llama3", "stream": False, **HELLO},
}
CHAT = {**FORMATS["/v1/chat/completions"], "stream": True}


@pytest.fixture
def provider() -> MockProviderWithErrors:
    return MockProviderWithErrors("house")


@pytest.fixture
def server(provider: MockProviderWithErrors) -> Iterator[ProviderServer]:
    with ProviderServer(provider) as server:
        yield server


def read(server: ProviderServer) -> tuple[int, str]:
    answer = httpx2.post(f"{server.url}/v1/chat/completions", json=CHAT, timeout=0.2)
    return answer.status_code, answer.text


def test_it_speaks_every_format(server: ProviderServer) -> None:
    """The path says which."""
    answers = [httpx2.post(server.url + path, json=body) for path, body in FORMATS.items()]

    assert [answer.status_code for answer in answers] == [200] * len(FORMATS)
    assert all("house answers" in answer.text for answer in answers)
    assert server.provider.count == len(FORMATS)


def test_a_status_and_its_wait_go_over_the_wire(
    server: ProviderServer, provider: MockProviderWithErrors
) -> None:
    """As the API writes them."""
    provider.fail(1, status=429, retry_after=3)

    answer = httpx2.post(f"{server.url}/v1/messages", json=FORMATS["/v1/messages"])

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")
    assert answer.json()["error"]["type"] == "rate_limit_error"


@pytest.mark.parametrize(
    ("befall", "error"),
    [
        (MockProviderWithErrors.cut, httpx2.RemoteProtocolError),
        (MockProviderWithErrors.stall, httpx2.ReadTimeout),
        (MockProviderWithErrors.time_out, httpx2.ReadTimeout),
        (MockProviderWithErrors.go_away, httpx2.TransportError),
    ],
)
def test_a_broken_connection_is_one(
    server: ProviderServer,
    provider: MockProviderWithErrors,
    befall: Callable[[MockProviderWithErrors, int], None],
    error: type[Exception],
) -> None:
    """The client meets what it would meet of a real provider; the next call is answered."""
    befall(provider, 1)

    with pytest.raises(error):
        read(server)
    assert read(server)[0] == 200


def test_a_stream_may_end_too_early(
    server: ProviderServer, provider: MockProviderWithErrors
) -> None:
    """As if that were all."""
    provider.end_early(1)

    status, text = read(server)

    assert status == 200
    assert "[DONE]" not in text


def test_it_names_no_models(server: ProviderServer) -> None:
    """But it is there."""
    assert httpx2.get(f"{server.url}/v1/models").json() == {"object": "list", "data": []}


def test_what_nobody_answers_is_said(
    server: ProviderServer, provider: MockProviderWithErrors
) -> None:
    """A path of no API, and a call that no rule answers."""
    unknown = httpx2.post(f"{server.url}/v1/pictures", content=json.dumps(CHAT))
    provider.mock.reset()
    unanswered = read(server)

    assert unknown.status_code == 404
    assert unanswered[0] == 501
    assert "found no answer" in unanswered[1]
