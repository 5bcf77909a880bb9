"""What clients and connections do to a gateway, and it to them."""

from __future__ import annotations

import json
import socket
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.gateways import Mocked, served

from understudy.clock import RealClock
from understudy.gateway import server

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = "/openai/v1/chat/completions"
ASKED: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}


@pytest.fixture(scope="module")
def mocked() -> Mocked:
    """Mocks that say two lines."""
    return Mocked()


@pytest.fixture(scope="module")
def url(mocked: Mocked) -> Iterator[str]:
    """Where they are served."""
    with served(mocked.gateway) as url:
        yield url


@pytest.fixture
def fresh(mocked: Mocked) -> Mocked:
    """The same without rules and calls."""
    mocked.tests.forget("")
    mocked.mock.reply("one\ntwo")
    return mocked


def _said(url: str, sent: bytes) -> bytes:
    """Send bytes on a connection of their own; return all that comes until its end."""
    host, _, port = url.removeprefix("http://").partition(":")
    with closing(socket.create_connection((host, int(port)), timeout=20)) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while data := connection.recv(65_536):
            answer += data
    return answer


def _post(body: bytes, *headers: str) -> bytes:
    lines = (f"POST {PATH} HTTP/1.1", "Host: 127.0.0.1", *headers, f"Content-Length: {len(body)}")
    return "\r\n".join((*lines, "", "")).encode() + body


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("connection_refused", httpx2.ReadError),
        ("reset", httpx2.ReadError),
        ("peer_drop", httpx2.RemoteProtocolError),
        ("read_timeout", httpx2.ReadTimeout),
    ],
)
def test_a_breakage_is_the_clients_own_error(
    url: str, fresh: Mocked, fault: str, error: type[Exception]
) -> None:
    """Before the head; the next attempt is answered."""
    fresh.mock.fail(fault, times=1)
    with httpx2.Client(timeout=0.3 if fault == "read_timeout" else 20) as client:
        with pytest.raises(error):
            client.post(url + PATH, json=ASKED)
        assert client.post(url + PATH, json=ASKED, timeout=20).status_code == 200

    assert fresh.said == []


def test_a_stream_that_breaks_is_not_whole(url: str, fresh: Mocked) -> None:
    """The line before has come."""
    fresh.mock.fail("peer_drop", after_lines=1)
    seen: list[bytes] = []
    with httpx2.stream("POST", url + PATH, json={**ASKED, "stream": True}) as answer:
        pieces = answer.iter_raw()
        with pytest.raises(httpx2.RemoteProtocolError):
            seen.extend(pieces)

    assert b"one" in b"".join(seen)
    assert b"two" not in b"".join(seen)


def test_a_client_that_leaves_is_seen(url: str, fresh: Mocked) -> None:
    """Its call ends when it hangs up, not when the answer would have ended."""
    fresh.mock.fail("slow_chunks", seconds=60)
    with httpx2.stream("POST", url + PATH, json={**ASKED, "stream": True}) as answer:
        pieces = answer.iter_raw()
        next(pieces)
        (call,) = fresh.mock.calls
        assert call.ended_at is None
    clock = RealClock()
    for _ in range(500):
        if call.ended_at is not None:
            break
        clock.sleep(0.02)

    assert call.ended_at is not None


def test_an_answer_that_is_open_too_long_is_cut_when_the_server_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that it does not look whole; nothing is a fault."""
    monkeypatch.setattr(server, "_PATIENCE_SECONDS", 0.2)
    mocked = Mocked()
    mocked.mock.reply("one\ntwo")
    mocked.mock.fail("slow_chunks", seconds=60)
    with httpx2.Client() as client, ExitStack() as stack:
        url = stack.enter_context(served(mocked.gateway))
        with client.stream("POST", url + PATH, json={**ASKED, "stream": True}) as answer:
            pieces = answer.iter_raw()
            next(pieces)
            stack.close()
            with pytest.raises(httpx2.RemoteProtocolError):
                list(pieces)

    (call,) = mocked.mock.calls
    assert call.ended_at is not None
    assert mocked.said == []


@pytest.mark.parametrize("leaves", [True, False])
def test_a_client_that_reads_slowly_holds_the_answer_up(
    url: str, fresh: Mocked, *, leaves: bool
) -> None:
    """What it does not read is not written; where it leaves, the rest is given up."""
    lines = ["x" * 65_536] * 256
    fresh.mock.reply("".join(lines), chunk=lines)
    clock = RealClock()
    with httpx2.stream("POST", url + PATH, json={**ASKED, "stream": True}) as answer:
        pieces = answer.iter_raw()
        next(pieces)
        clock.sleep(0.3)
        (call,) = fresh.mock.calls
        assert call.ended_at is None
        read = 0 if leaves else sum(map(len, pieces))
    for _ in range(500):
        if call.ended_at is not None:
            break
        clock.sleep(0.02)

    assert call.ended_at is not None
    assert leaves or read > 16_000_000


def test_the_offer_of_another_protocol_is_passed_over(url: str, fresh: Mocked) -> None:
    """As Java's client makes it with each first request, body and all."""
    upgrade = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAA")

    answer = _said(url, _post(json.dumps(ASKED).encode(), *upgrade))

    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert fresh.mock.calls[-1].user_text == "Hello"


def test_a_head_that_grows_for_ever_is_refused(url: str) -> None:
    """Whether it is one header or many."""
    assert _said(url, b"GET / HTTP/1.1\r\nx: " + b"a" * 100_000).startswith(b"HTTP/1.1 431")


def test_a_head_that_does_not_come_is_given_up(
    url: str, fresh: Mocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a while the connection is closed; a request that is there is answered all the same."""
    monkeypatch.setattr(server, "_HEAD_SECONDS", 0.1)
    host, _, port = url.removeprefix("http://").partition(":")
    with closing(socket.create_connection((host, int(port)), timeout=20)) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost")
        assert connection.recv(1) == b""
    with httpx2.Client() as client:
        for _ in range(2):
            assert client.post(url + PATH, json=ASKED).status_code == 200
            RealClock().sleep(0.2)

    assert fresh.said == []


@given(
    head=st.lists(st.binary(max_size=40), max_size=4),
    verb=st.sampled_from([b"POST", b"GET", b"PUT", b"x", b""]),
    path=st.one_of(st.binary(max_size=30), st.just(PATH.encode())),
    body=st.binary(max_size=60),
)
def test_no_request_is_too_odd(
    url: str, mocked: Mocked, head: list[bytes], verb: bytes, path: bytes, body: bytes
) -> None:
    """What is no HTTP is refused; nothing is a fault of the server, and nothing of it is told."""
    lines = [verb + b" /" + path + b" HTTP/1.1", b"Host: 127.0.0.1", *head]

    answer = _said(url, b"\r\n".join([*lines, b"", body]))

    assert not answer.startswith(b"HTTP/1.1 5")
    assert b"Traceback" not in answer
    assert mocked.said == []
