"""Real SDKs and clients that nobody answers, with the guard up."""

from __future__ import annotations

import _socket
import asyncio
import socket
import sys
import threading
import time
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import aiohttp
import httpx
import httpx2
import pytest
import requests
import respx
from tests.support.answering import Mocked
from tests.support.clients import CALLERS
from tests.support.leaks import CHAT, LEAKS, Leak
from tests.support.watcher import Watcher

from understudy.intercept import Taps, carry
from understudy.intercept.guard import CallRefused, ConnectionBlocked, Guard
from understudy.providers import default_apis
from understudy.telemetry import Owner, Ownership

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.provider import Provider

TEST = Owner(phase_id="test_app.py::test_answer", stage="call")
#: Belongs to nobody: a packet that gets out is lost (RFC 5737).
ELSEWHERE = "192.0.2.1"

each_leak = pytest.mark.parametrize(
    "leak",
    [
        pytest.param(
            leak,
            id=leak.name,
            marks=pytest.mark.skipif(not leak.is_possible, reason="not installed"),
        )
        for leak in LEAKS
    ],
)


def _guard(taps: Taps | None = None) -> Guard:
    return Guard(
        current_owner=lambda: TEST,
        calling=(lambda: None) if taps is None else taps.calling,
        apis=default_apis(),
    )


@each_leak
def test_call_to_a_provider_is_refused_at_once(leak: Leak) -> None:
    """No SDK swallows or retries it, and it is on record, once."""
    call = leak.open()
    took = []
    for _ in range(3):  # the first one imports what it needs
        began = time.perf_counter()
        with _guard().block(TEST) as block, pytest.raises(CallRefused, match=leak.host):
            call()
        took.append(time.perf_counter() - began)

    assert min(took) < 0.4  # the shortest pause before a second attempt is longer
    (refusal,) = block.refusals
    assert (refusal.host, refusal.owner, refusal.stage) == (leak.host, TEST.phase_id, "call")
    assert refusal.is_call
    assert any(file in (refusal.called_at or "") for file in ("test_guard.py", "leaks.py"))


@each_leak
def test_refusal_is_the_same_with_taps(leak: Leak) -> None:
    """The taps let it through, are told of it, and have no fault."""
    call = leak.open()
    watcher = Watcher()
    with Taps(watcher) as taps, _guard(taps).block(TEST), pytest.raises(CallRefused):
        call()

    assert watcher.faults == []
    assert all(isinstance(one.ending, CallRefused) for one in watcher.watched)


def test_refusal_names_request_and_model() -> None:
    """With the taps it says what was asked, without what may be secret."""
    with Taps(Watcher()) as taps, _guard(taps).block() as block, suppress(CallRefused):
        requests.post(f"{CHAT}?key=secret", json={"model": "gpt-4o"}, timeout=9)

    (refusal,) = block.refusals
    assert (refusal.what, refusal.model, refusal.client) == (f"POST {CHAT}", "gpt-4o", "urllib3")
    assert "secret" not in refusal.message
    for word in ("'gpt-4o'", "test_app.py::test_answer", "mock_llm", "llm_cassette", "--llm-allow"):
        assert word in refusal.message


def test_call_to_a_model_at_an_unknown_host_is_refused_like_a_provider() -> None:
    """The taps know a call by its path, whoever answers there."""
    url = f"http://{ELSEWHERE}/v1/chat/completions"

    with Taps(Watcher()) as taps, _guard(taps).block(), pytest.raises(CallRefused):
        httpx2.post(url, json={"model": "m"})


def test_swallowed_refusal_is_on_record() -> None:
    """The test can fail of it although the application went on."""
    with _guard().block() as block:
        for _ in range(3):
            with suppress(BaseException):
                requests.post(CHAT, timeout=9)

    assert [refusal.host for refusal in block.refusals] == ["api.openai.com"]


def _plain_connect() -> None:
    socket.create_connection((ELSEWHERE, 5432), timeout=0.2)


def _connect_ex() -> None:
    with socket.socket() as plain:
        number = plain.connect_ex((ELSEWHERE, 5432))
    raise OSError(number, "refused")


def _asyncio_connect() -> None:
    async def connect() -> None:
        await asyncio.wait_for(asyncio.open_connection(ELSEWHERE, 5432), 0.2)

    asyncio.run(connect())


def _uvloop_connect() -> None:
    uvloop = pytest.importorskip("uvloop")

    async def connect() -> None:
        await asyncio.wait_for(asyncio.open_connection(ELSEWHERE, 5432), 0.2)

    uvloop.run(connect())


def _uvloop_sock_connect() -> None:
    uvloop = pytest.importorskip("uvloop")

    async def connect() -> None:
        with socket.socket() as plain:
            plain.setblocking(False)
            await asyncio.get_running_loop().sock_connect(plain, (ELSEWHERE, 5432))

    uvloop.run(connect())


def _from_a_thread() -> None:
    raised: list[OSError] = []

    def connect() -> None:
        try:
            _plain_connect()
        except OSError as error:
            raised.append(error)

    thread = threading.Thread(target=connect)
    thread.start()
    thread.join()
    raise raised[0]


_BOUND_BEFORE = socket.socket.connect


def _bound_before() -> None:
    with socket.socket() as plain:
        _BOUND_BEFORE(plain, (ELSEWHERE, 5432))


def _low_level() -> None:
    low = _socket.socket()
    try:
        low.connect((ELSEWHERE, 5432))
    finally:
        low.close()


def _fast_open() -> None:
    with socket.socket() as plain:
        plain.sendto(b"hello", getattr(socket, "MSG_FASTOPEN", 0), (ELSEWHERE, 5432))


@pytest.mark.parametrize(
    "connect",
    [
        _plain_connect,
        _bound_before,
        _low_level,
        pytest.param(
            _fast_open,
            marks=pytest.mark.skipif(not hasattr(socket, "MSG_FASTOPEN"), reason="no such flag"),
        ),
        _connect_ex,
        _asyncio_connect,
        _uvloop_connect,
        _uvloop_sock_connect,
        _from_a_thread,
    ],
)
def test_other_connection_is_refused_as_by_a_closed_port(connect: Any) -> None:
    """The application sees what it may have to live with, and the record says why."""
    with _guard().block() as block, pytest.raises(ConnectionRefusedError):
        connect()

    (refusal,) = block.refusals
    assert refusal.what == f"a connection to {ELSEWHERE}:5432"
    assert not refusal.is_call


def test_refused_request_is_the_clients_own_connection_error() -> None:
    """An HTTP client wraps it as it wraps a closed port."""
    with _guard().block() as block:
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://{ELSEWHERE}/")
        with pytest.raises(requests.ConnectionError):
            requests.get(f"http://{ELSEWHERE}/", timeout=0.2)

    assert {refusal.host for refusal in block.refusals} == {ELSEWHERE}


def test_loopback_and_unix_sockets_are_free(provider: Provider, tmp_path: Path) -> None:
    """A database or a server of the test's own is reached by every client."""
    path = str(tmp_path / "db.sock")
    with socket.socket(socket.AF_UNIX) as server, _guard().block() as block:
        server.bind(path)
        server.listen()
        with socket.socket(socket.AF_UNIX) as plain:
            plain.connect(path)
        for caller in CALLERS:
            if caller.is_possible:
                assert caller.call(provider.url, "gpt-test")

    assert block.refusals == []


def test_datagrams_are_free() -> None:
    """Asking the system for its own address sends nothing."""
    with _guard().block() as block, socket.socket(type=socket.SOCK_DGRAM) as plain:
        plain.connect((ELSEWHERE, 80))

    assert block.refusals == []


@pytest.mark.parametrize("pattern", [ELSEWHERE, "192.0.2.*"])
def test_allowed_host_is_free(pattern: str) -> None:
    """The connection is tried, and fails or hangs as it would."""
    with _guard().block(allowed=[pattern]) as block, suppress(OSError):
        _plain_connect()

    assert block.refusals == []


def test_allowed_name_allows_its_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection shows an address only: it is known by the name it was found by."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ELSEWHERE, 5432))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    with _guard().block(allowed=["*.Internal"]) as block, suppress(OSError):
        socket.create_connection(("db.internal", 5432), timeout=0.05)

    assert block.refusals == []


@contextmanager
def _as_provider(monkeypatch: pytest.MonkeyPatch, provider: Provider) -> Iterator[str]:
    """Let a provider's name lead to the fake one, until the guard asks for the name."""
    real = socket.getaddrinfo
    port = int(provider.url.rpartition(":")[2])

    def lead(host: Any, *args: Any, **options: Any) -> Any:
        here = "127.0.0.1" if host in {"api.openai.com", b"api.openai.com"} else host
        return real(here, *args, **options)

    async def lead_uvloop(loop: Any, host: Any, *args: Any, **options: Any) -> Any:
        return lead(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", lead)
    if find_spec("uvloop"):
        loop_type = import_module("uvloop").Loop
        monkeypatch.setattr(loop_type, "getaddrinfo", lead_uvloop, raising=False)
    yield f"http://api.openai.com:{port}/v1/chat/completions"


def test_pooled_connection_is_refused(monkeypatch: pytest.MonkeyPatch, provider: Provider) -> None:
    """A connection that was open before the guard came up carries no further request."""
    asked = {"model": "m", "messages": []}
    with (
        _as_provider(monkeypatch, provider) as url,
        httpx.Client() as old,
        httpx2.Client() as new,
        requests.Session() as session,
    ):
        sends: list[Any] = [
            lambda: old.post(url, json=asked),
            lambda: new.post(url, json=asked),
            lambda: session.post(url, json=asked, timeout=9),
        ]
        for send in sends:
            assert send().status_code == 200
        with _guard().block():
            for send in sends:
                with pytest.raises(CallRefused):
                    send()
        for send in sends:
            assert send().status_code == 200


@pytest.mark.parametrize("runner", ["asyncio", "uvloop"])
def test_pooled_connection_of_an_event_loop_is_refused(
    runner: str, monkeypatch: pytest.MonkeyPatch, provider: Provider
) -> None:
    """So is one of asyncio's or of uvloop's."""
    run = pytest.importorskip(runner).run
    asked = {"model": "m", "messages": []}

    async def talk(url: str) -> None:
        async with httpx2.AsyncClient() as client, aiohttp.ClientSession() as session:
            assert (await client.post(url, json=asked)).status_code == 200
            async with session.post(url, json=asked) as response:
                await response.read()
            with _guard().block():
                with pytest.raises(CallRefused):
                    await client.post(url, json=asked)
                with pytest.raises(CallRefused):
                    await session.post(url, json=asked)
            assert (await client.post(url, json=asked)).status_code == 200

    with _as_provider(monkeypatch, provider) as url:
        run(talk(url))


def test_what_answers_below_the_clients_is_no_leak() -> None:
    """Routes of respx and mock transports keep answering, though the guard came later."""
    with respx.mock() as router, _guard().block() as block:
        router.post(CHAT).respond(json={})
        assert httpx.post(CHAT).status_code == 200
        transport = httpx2.MockTransport(lambda _: httpx2.Response(204))
        with httpx2.Client(transport=transport) as client:
            assert client.get("https://example.com").status_code == 204

    assert block.refusals == []


@pytest.mark.parametrize(
    "caller", [one for one in CALLERS if one.is_possible], ids=lambda c: c.name
)
def test_mocked_call_is_no_leak(caller: Any) -> None:
    """A mock answers the very hosts that the guard refuses."""
    with Taps(Watcher(), answerer=Mocked()) as taps, _guard(taps).block() as block:
        assert caller.call("https://api.openai.com", "gpt-test")

    assert block.refusals == []


def test_block_of_another_owner_is_not_ours() -> None:
    """What runs on behalf of a fixture is refused when the fixture is blocked, not the test."""
    ownership = Ownership(Owner())
    guard = Guard(current_owner=ownership.current, calling=lambda: None, apis=default_apis())
    fixture, test = Owner(phase_id="fixture:db", is_fixture=True), Owner(phase_id="t.py::test")
    outcome: list[object] = []

    def connect() -> None:
        try:
            _plain_connect()
        except OSError as error:
            outcome.append(type(error))

    with carry(ownership.variable), guard.block(test):
        with ownership.lent_to(fixture):
            connect()
        ownership.enter(test)
        thread = threading.Thread(target=connect)
        thread.start()
        thread.join()

    assert outcome[0] is not ConnectionBlocked
    assert outcome[1] is ConnectionBlocked


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_plain_request_through_a_proxy_of_this_machine_leads_out(library: str) -> None:
    """The proxy is asked for the whole URL: that is where the request goes."""
    module = import_module(library)
    url = "http://api.openai.com/v1/chat/completions"
    with socket.create_server(("127.0.0.1", 0)) as server:
        proxy = f"http://127.0.0.1:{server.getsockname()[1]}"

        async def post() -> None:
            async with module.AsyncClient(proxy=proxy) as client:
                await client.post(url, json={})

        with _guard().block() as block:
            with module.Client(proxy=proxy) as client, pytest.raises(CallRefused):
                client.post(url, json={})
            with pytest.raises(CallRefused):
                asyncio.run(post())

    assert [(one.what, one.host) for one in block.refusals] == [(f"POST {url}", "api.openai.com")]


@pytest.mark.parametrize("way", ["connect", "AsyncConnection"])
def test_database_of_another_machine_is_refused_as_by_a_closed_port(way: str) -> None:
    """Psycopg's connections are made in C; where it is told where to, is asked."""
    psycopg = pytest.importorskip("psycopg")
    where = f"host={ELSEWHERE} dbname=x connect_timeout=1"

    def connect() -> None:
        if way == "connect":
            psycopg.connect(where)
        else:
            asyncio.run(psycopg.AsyncConnection.connect(where))

    with _guard().block() as block, pytest.raises(psycopg.OperationalError, match="refused"):
        connect()

    assert [refusal.what for refusal in block.refusals] == [f"a connection to {ELSEWHERE}:5432"]


def test_what_is_reported_over_grpc_is_refused_in_silence() -> None:
    """OpenTelemetry's exporters live with a collector that is not there."""
    grpc = pytest.importorskip("grpc")
    service = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
    with (
        _guard() as guard,
        guard.block() as block,
        grpc.insecure_channel("telemetry.googleapis.com:443") as channel,
        pytest.raises(ConnectionRefusedError),
    ):
        channel.unary_unary(service)(b"")

    assert block.refusals == []
    assert guard.dropped == {"telemetry.googleapis.com:443": 1}


def test_one_audit_hook_serves_all_guards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python never forgets one."""
    with _guard().block():
        pass
    monkeypatch.setattr(sys, "addaudithook", lambda _: pytest.fail("a second hook"))

    with _guard().block() as block, pytest.raises(ConnectionRefusedError):
        _low_level()

    assert len(block.refusals) == 1


def test_proxy_of_this_machine_leads_out() -> None:
    """The connection to it is free, the request through it is not."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        httpx2.Client(proxy=f"http://127.0.0.1:{server.getsockname()[1]}") as client,
        _guard().block() as block,
        pytest.raises(CallRefused),
    ):
        client.post(CHAT, json={})

    assert [refusal.what for refusal in block.refusals] == ["CONNECT https://api.openai.com"]


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_provider_behind_a_unix_socket_is_of_this_machine(library: str, tmp_path: Path) -> None:
    """A model that runs here may be called by any name."""
    path = str(tmp_path / "model.sock")
    module = import_module(library)

    def serve(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")

    with socket.socket(socket.AF_UNIX) as server, _guard().block() as block:
        server.bind(path)
        server.listen()
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        with module.Client(transport=module.HTTPTransport(uds=path)) as client:
            assert client.post("http://api.openai.com/v1/chat/completions").status_code == 204
        thread.join()

    assert block.refusals == []
