"""Whatever mounts the endpoint, a client gets the same bytes, in the same time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest
from tests.contracts.mounts import MOUNTS, NODE_ID, Mount, new_mock
from tests.support.answering import APIS

from understudy.calls import Origin, Request
from understudy.clock import VirtualClock
from understudy.endpoint import Endpoint
from understudy.mock import UnmatchedCall

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = "one\ntwo\nthree\n"
MESSAGES = [{"role": "user", "content": "Hello"}]
GOOGLE = "https://generativelanguage.googleapis.com/v1beta/models/gemini"
PARTS = {"contents": [{"role": "user", "parts": [{"text": "Hello"}]}]}
BEDROCK = "https://bedrock-runtime.us-east-1.amazonaws.com/model/m"
ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "openai": (
        "https://api.openai.com/v1/chat/completions",
        {"model": "gpt-5", "messages": MESSAGES},
    ),
    "openai stream": (
        "https://api.openai.com/v1/chat/completions",
        {"model": "gpt-5", "messages": MESSAGES, "stream": True},
    ),
    "openai responses": (
        "https://api.openai.com/v1/responses",
        {"model": "gpt-5", "input": "Hello", "stream": True},
    ),
    "anthropic": (
        "https://api.anthropic.com/v1/messages",
        {"model": "claude", "max_tokens": 9, "messages": MESSAGES},
    ),
    "anthropic stream": (
        "https://api.anthropic.com/v1/messages",
        {"model": "claude", "max_tokens": 9, "messages": MESSAGES, "stream": True},
    ),
    "google": (f"{GOOGLE}:generateContent", PARTS),
    "google stream": (f"{GOOGLE}:streamGenerateContent?alt=sse", PARTS),
    "bedrock": (
        f"{BEDROCK}/converse",
        {"messages": [{"role": "user", "content": [{"text": "Hello"}]}]},
    ),
    "bedrock stream": (
        f"{BEDROCK}/converse-stream",
        {"messages": [{"role": "user", "content": [{"text": "Hello"}]}]},
    ),
    "cohere stream": (
        "https://api.cohere.com/v2/chat",
        {"model": "command", "messages": MESSAGES, "stream": True},
    ),
    "mistral": (
        "https://api.mistral.ai/v1/chat/completions",
        {"model": "mistral", "messages": MESSAGES},
    ),
}
each_request = pytest.mark.parametrize("asked", list(ASKED))
each_library = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])


@pytest.fixture(params=list(MOUNTS))
def mount(request: pytest.FixtureRequest, stopped: VirtualClock) -> Iterator[Mount]:
    """The endpoint behind one of its adapters."""
    with stopped.running() as clock, MOUNTS[request.param](clock) as mounted:
        yield mounted


def expected_of(asked: str, *, node_id: str = NODE_ID) -> tuple[int, bytes, list[float]]:
    """Return what the endpoint itself answers: status, body, and when each chunk is due."""
    url, body = ASKED[asked]
    mock = new_mock(VirtualClock(), node_id)
    mock.reply(TEXT)
    content = httpx2.Request("POST", url, json=body).content
    request = Request("POST", url, {"content-type": "application/json"}, content)
    recognised = APIS.recognise(request)
    assert recognised is not None
    answered = Endpoint(mock, APIS).answer(request, recognised)
    assert answered is not None
    chunks = list(answered.playback.chunks)
    return (
        answered.playback.status,
        b"".join(data for _, data in chunks),
        [at for at, _ in chunks],
    )


@each_library
@each_request
def test_a_client_gets_what_the_endpoint_says(mount: Mount, library: Any, asked: str) -> None:
    """Byte for byte, each chunk at its moment."""
    mount.reply(TEXT)
    url, body = ASKED[asked]
    began, body_read, seen = mount.clock.now(), b"", []
    with library.Client() as client, client.stream("POST", url, json=body) as answer:
        for chunk in answer.iter_raw():
            body_read += chunk
            seen.append(round(mount.clock.now() - began, 6))

    status, expected, due = expected_of(asked)
    assert (answer.status_code, body_read) == (status, expected)
    assert seen == [round(at, 6) for at in due]


@each_library
@each_request
def test_a_client_that_awaits_gets_the_same(mount: Mount, library: Any, asked: str) -> None:
    """In the same time."""
    mount.reply(TEXT)
    url, body = ASKED[asked]

    async def ask() -> tuple[int, bytes, float]:
        began = mount.clock.now()
        async with library.AsyncClient() as client:
            answer = await client.post(url, json=body, timeout=None)
            return answer.status_code, answer.content, mount.clock.now() - began

    status, expected, due = expected_of(asked)
    answer = asyncio.run(ask())
    assert answer[:2] == (status, expected)
    assert answer[2] == pytest.approx(due[-1])


@each_library
def test_a_call_is_seen_once_as_mocked(mount: Mount, library: Any) -> None:
    """With the whole body."""
    mount.reply(TEXT)
    url, body = ASKED["openai"]

    answer = library.post(url, json=body)

    (watched,) = mount.watcher.watched
    assert (watched.origin, watched.status) == (Origin.MOCKED, 200)
    assert watched.body == answer.content
    assert mount.watcher.faults == []


@each_library
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("connection_refused", "ConnectError"),
        ("reset", "ReadError"),
        ("peer_drop", "RemoteProtocolError"),
        ("read_timeout", "ReadTimeout"),
    ],
)
def test_a_breakage_is_the_clients_own_error(
    mount: Mount, library: Any, fault: str, error: str
) -> None:
    """Once; the next attempt is answered."""
    mount.reply(TEXT)
    mount.fail(fault, times=1)
    url, body = ASKED["anthropic"]

    with pytest.raises(getattr(library, error)):
        library.post(url, json=body)

    assert library.post(url, json=body).status_code == 200
    assert [call.fault for call in mount.mock.calls] == [fault, None]


@each_library
def test_a_break_within_a_stream_comes_behind_what_was_sent(mount: Mount, library: Any) -> None:
    """The client has read the lines before it."""
    mount.reply(TEXT)
    mount.fail("peer_drop", after_lines=1)
    url, body = ASKED["openai stream"]
    seen = b""

    try:
        with library.stream("POST", url, json=body) as answer:
            for chunk in answer.iter_raw():
                seen += chunk
    except library.RemoteProtocolError:
        seen += b"broken"

    assert seen.endswith(b"broken")
    assert b'"one\\n"' in seen
    assert b"two" not in seen


def test_a_refusal_of_the_provider_has_its_headers(mount: Mount) -> None:
    """Retry-After is there for the client to read."""
    mount.reply(TEXT)
    mount.fail("rate_limit", retry_after=30)
    url, body = ASKED["openai"]

    answer = httpx2.post(url, json=body)

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")


@each_library
def test_a_call_that_nothing_answers_is_no_error_of_the_client(mount: Mount, library: Any) -> None:
    """No SDK may take it for a failed connection and try again."""
    mount.reply(TEXT, times=1)
    url, body = ASKED["openai"]
    library.post(url, json=body)

    with pytest.raises(UnmatchedCall):
        library.post(url, json=body)
