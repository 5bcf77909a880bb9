"""Real work beside a virtual clock: databases, servers and threads go on as ever."""

# ruff: noqa: PLC0415 - a client is imported where it is called, and may be missing

from __future__ import annotations

import asyncio
import time
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.loopback import PIECES
from tests.support.postgres_server import PostgresServer

from understudy.clock import VirtualClock

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from tests.support.loopback import Loopback

    from understudy.clock import RealClock

BODY = b"hello" * PIECES


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """The URL of a real PostgreSQL."""
    with PostgresServer() as server:
        yield server.url()


async def unhurried(clock: VirtualClock, work: Awaitable[Any]) -> Any:
    """Return what `work` gives; a timeout of 5 s around it must not fire, nor time pass."""
    before = clock.now()
    result = await asyncio.wait_for(work, 5)
    assert clock.now() == before
    return result


async def test_a_query_of_psycopg_takes_no_simulated_time(
    virtual: VirtualClock, database: str
) -> None:
    """A real database over a real socket, 50 ms."""
    psycopg = pytest.importorskip("psycopg")
    async with await psycopg.AsyncConnection.connect(database) as connection:

        async def query() -> Any:
            cursor = await connection.execute("SELECT 1 FROM pg_sleep(0.05)")
            return await cursor.fetchone()

        assert await unhurried(virtual, query()) == (1,)


async def test_a_query_of_asyncpg_takes_no_simulated_time(
    virtual: VirtualClock, database: str
) -> None:
    """Its protocol is compiled, and keeps its future all the same."""
    asyncpg = pytest.importorskip("asyncpg")
    connection = await asyncpg.connect(database.partition("?")[0])

    result = await unhurried(virtual, connection.fetchval("SELECT 1 FROM pg_sleep(0.05)"))
    await connection.close()

    assert result == 1


async def test_an_idle_connection_does_not_hold_time(
    virtual: VirtualClock, real: RealClock, database: str
) -> None:
    """Nobody waits for its data."""
    asyncpg = pytest.importorskip("asyncpg")
    connection = await asyncpg.connect(database.partition("?")[0])
    began = real.now()

    await asyncio.sleep(3600)

    assert real.now() - began < 60
    await connection.close()


async def test_a_query_of_aiosqlite_takes_no_simulated_time(
    virtual: VirtualClock, real: RealClock
) -> None:
    """Its thread is its own."""
    aiosqlite = pytest.importorskip("aiosqlite")
    async with aiosqlite.connect(":memory:") as connection:
        await connection.create_function("pause", 0, lambda: real.sleep(0.05))

        await unhurried(virtual, connection.execute("SELECT pause()"))


async def get_aiohttp(url: str) -> Any:
    aiohttp = pytest.importorskip("aiohttp")
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.read()


async def get_httpx(url: str) -> Any:
    httpx = pytest.importorskip("httpx")
    async with httpx.AsyncClient() as client:
        return (await client.get(url)).content


async def get_httpx2(url: str) -> Any:
    httpx2 = pytest.importorskip("httpx2")
    async with httpx2.AsyncClient() as client:
        return (await client.get(url)).content


async def get_streams(url: str) -> Any:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
    try:
        writer.write(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
        answer = await reader.readuntil(b"0\r\n\r\n")
    finally:
        writer.close()
        await writer.wait_closed()
    return b"hello" * answer.count(b"hello")


async def get_requests(url: str) -> Any:
    requests = pytest.importorskip("requests")
    return (await asyncio.to_thread(requests.get, url, timeout=5)).content


@pytest.mark.parametrize("get", [get_aiohttp, get_httpx, get_httpx2, get_requests, get_streams])
async def test_a_slow_server_takes_no_simulated_time(
    virtual: VirtualClock, loopback: Loopback, get: Callable[[str], Awaitable[Any]]
) -> None:
    """A real answer that comes in pieces, through each kind of client."""
    assert await unhurried(virtual, get(loopback.url)) == BODY


async def test_a_connection_that_is_kept_alive_does_not_hold_time(
    virtual: VirtualClock, real: RealClock, loopback: Loopback
) -> None:
    """It waits for the next request, which is no work."""
    aiohttp = pytest.importorskip("aiohttp")
    async with aiohttp.ClientSession() as session:
        async with session.get(loopback.url) as answer:
            await answer.read()
        began = real.now()

        await asyncio.sleep(3600)

        assert real.now() - began < 60


async def test_a_server_within_the_loop_answers_in_simulated_time(
    virtual: VirtualClock, real: RealClock
) -> None:
    """The application under test, asked over a socket, waits for a mocked model."""
    web = pytest.importorskip("aiohttp.web")
    from aiohttp.test_utils import TestClient, TestServer

    async def answer(_: Any) -> Any:
        await asyncio.sleep(30)
        return web.Response(text="done")

    app = web.Application()
    app.router.add_get("/", answer)
    async with TestClient(TestServer(app)) as client:
        before, began = virtual.now(), real.now()

        text = await (await client.get("/")).text()

        assert text == "done"
        assert virtual.now() - before == pytest.approx(30, abs=1e-6)
        assert real.now() - began < 25


async def test_a_timeout_around_a_server_that_is_too_slow_fires(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After its own time, which is real then."""
    monkeypatch.setattr(loopback, "pause", 1.3)
    with VirtualClock(patience=0.1).running() as impatient:
        before = impatient.now()

        with pytest.raises(TimeoutError):
            await asyncio.wait_for(get_streams(loopback.url), 0.3)

        assert impatient.now() - before == pytest.approx(0.3)


def test_polling_a_child_process_is_real(virtual: VirtualClock) -> None:
    """`subprocess` waits on the machine's time."""
    import subprocess
    import sys

    before = virtual.now()

    subprocess.run([sys.executable, "-c", "pass"], check=True, timeout=30)

    assert virtual.now() == before


async def test_mocked_delays_beside_real_work_are_exact(
    virtual: VirtualClock, loopback: Loopback
) -> None:
    """A task that asks a database first and a model then takes what the model takes."""
    began = virtual.now()

    async def ask_both() -> float:
        await get_streams(loopback.url)
        await virtual.async_sleep(1.5)
        return virtual.now() - began

    async def stream() -> float:
        for _ in range(10):
            await virtual.async_sleep(0.01)
        return virtual.now() - began

    assert await asyncio.gather(ask_both(), stream()) == pytest.approx([1.5, 0.1])


def test_a_synchronous_query_is_real(virtual: VirtualClock, database: str) -> None:
    """It blocks the thread, and costs nothing simulated."""
    psycopg = pytest.importorskip("psycopg")
    began = time.monotonic()

    with psycopg.connect(database, connect_timeout=5) as connection:
        row = connection.execute("SELECT 1 FROM pg_sleep(0.05)").fetchone()

    assert row == (1,)
    assert time.monotonic() == began


@pytest.fixture
def server_in_a_thread() -> Iterator[tuple[str, set[str]]]:
    """The URL of a server on a loop of another thread, and the connections that it has had."""
    web = pytest.importorskip("aiohttp.web")
    loop, peers = asyncio.new_event_loop(), set()

    async def answer(request: Any) -> Any:
        peers.add(request.transport.get_extra_info("peername"))
        await asyncio.sleep(float(request.query.get("seconds", 0)))
        return web.Response(text="done")

    async def start() -> Any:
        app = web.Application()
        app.router.add_get("/", answer)
        runner = web.AppRunner(app, keepalive_timeout=600)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner

    thread = Thread(target=loop.run_forever)
    thread.start()
    runner = asyncio.run_coroutine_threadsafe(start(), loop).result()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", peers
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_a_server_in_a_thread_keeps_its_connections(
    server_in_a_thread: tuple[str, set[str]], virtual: VirtualClock
) -> None:
    """Its timers for idle ones do not fire while the test is busy with the answer."""
    requests = pytest.importorskip("requests")
    url, peers = server_in_a_thread

    with requests.Session() as session:
        texts = {session.get(url, timeout=60).text for _ in range(30)}

    assert texts == {"done"}
    assert len(peers) < 5


def test_a_server_in_a_thread_answers_in_simulated_time(
    server_in_a_thread: tuple[str, set[str]], virtual: VirtualClock, real: RealClock
) -> None:
    """What it waits for costs nothing; a socket carries no time to whoever asked."""
    requests = pytest.importorskip("requests")
    url, _ = server_in_a_thread
    before, began = virtual.now(), real.now()

    text = requests.get(f"{url}?seconds=600", timeout=60).text

    assert text == "done"
    assert real.now() - began < 30
    assert virtual.now() == before
