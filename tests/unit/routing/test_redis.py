"""A cache that several processes share; the router works on without it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.redis_server import RedisServer
from tests.unit.routing.stand_ins import ManualClock, StandIn, ask, chunks, make_router

from understudy.routing import RedisCache, RouterConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("redis")


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    """A real one, where it is installed."""
    with RedisServer() as running:
        yield running


@pytest.fixture
def cache(server: RedisServer) -> Iterator[RedisCache]:
    """An empty one."""
    made = RedisCache(server.url, ttl_seconds=60)
    made.clear()
    yield made
    made.close()


class Client:
    """Of redis-py's kind, in memory; away where it is told so."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.is_away = False
        self.asked = 0

    def _ask(self) -> None:
        self.asked += 1
        if self.is_away:
            raise ConnectionRefusedError(111, "Connection refused")

    def get(self, key: str) -> bytes | None:
        """Return what is kept."""
        self._ask()
        return self.kept.get(key)

    def set(self, key: str, value: bytes, px: int) -> None:
        """Keep something."""
        self._ask()
        assert px > 0
        self.kept[key] = value


def in_memory(clock: ManualClock) -> tuple[Client, RedisCache]:
    client = Client()
    return client, RedisCache("redis://none", clock=clock, client=client)


def test_two_routers_share_answers(server: RedisServer, cache: RedisCache) -> None:
    """Whole and streamed, byte for byte, as two processes would."""
    other = RedisCache(server.url, ttl_seconds=60)
    first = make_router(StandIn("openai"), cache=cache)
    second = make_router(StandIn("openai"), cache=other)
    streaming = make_router(StandIn("openai", chunks("Grüß\n", "x")), cache=cache)

    said, again = first.complete(ask()), second.complete(ask())
    pieces, replayed = list(streaming.stream(ask())), list(second.stream(ask()))

    assert (again.cache, again.data, again.usage) == ("hit", said.data, said.usage)
    assert again.saved_nanousd == said.cost_nanousd
    assert [each.data for each in replayed] == [each.data for each in pieces]
    first.invalidate_cache()
    assert second.complete(ask()).cache == "miss"
    other.close()


async def test_tasks_do_not_wait_for_the_server_on_their_loop(cache: RedisCache) -> None:
    """It is asked in a thread."""
    router = make_router(StandIn("openai", chunks("x")), cache=cache)
    whole = make_router(StandIn("openai"), cache=cache)

    said = [(await whole.acomplete(ask(text="t"))).cache for _ in range(2)]
    last = [[piece async for piece in router.astream(ask(text="t"))][-1] for _ in range(2)]

    assert said == ["miss", "hit"]
    assert [piece.answer.cache for piece in last if piece.answer] == ["miss", "hit"]


def test_entries_expire_on_the_server(server: RedisServer) -> None:
    """By its own clock."""
    short = RedisCache(server.url, ttl_seconds=0.02, prefix="short:")
    router = make_router(StandIn("openai"), cache=short)
    router.complete(ask())
    end = asyncio.new_event_loop()
    end.run_until_complete(asyncio.sleep(0.05))
    end.close()

    assert router.complete(ask()).cache == "miss"
    short.close()


def test_a_server_that_goes_away_is_missed_once(caplog: pytest.LogCaptureFixture) -> None:
    """The router works on without it, says so once, and finds it again."""
    clock = ManualClock()
    with RedisServer() as server:
        cache = RedisCache(server.url, clock=clock)
        router = make_router(StandIn("openai"), clock=clock, cache=cache)
        router.complete(ask())
        server.stop()
        with caplog.at_level(logging.WARNING, "understudy.routing"):
            said = [router.complete(ask(text=str(n))).cache for n in range(3)]
        server.start()
        clock.advance(6)
        back = [router.complete(ask(text="back")).cache for _ in range(2)]
        cache.close()

    assert said == ["miss"] * 3
    assert back == ["miss", "hit"]
    assert len(caplog.records) == 1
    assert "Redis is away" in caplog.text


def test_a_server_that_is_away_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    """For some seconds: each request would wait for it else."""
    clock = ManualClock()
    client, cache = in_memory(clock)
    client.is_away = True
    router = make_router(StandIn("openai"), clock=clock, cache=cache)

    for _ in range(3):
        assert router.complete(ask()).cache == "miss"
    assert client.asked == 1
    client.is_away = False
    clock.advance(5.1)
    assert [router.complete(ask()).cache for _ in range(2)] == ["miss", "hit"]
    assert len(caplog.records) == 1


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"\xff",
        b"[]",
        b"3",
        b'{"format": 1}',
        b'{"format": 9}',
        b'{"format":1,"usage":{},"events":[],"x":1}',
    ],
)
def test_what_is_none_of_ours_is_not_there(junk: bytes) -> None:
    """Another version's entry as well as anybody's."""
    client, cache = in_memory(ManualClock())
    router = make_router(StandIn("openai"), cache=cache)
    router.complete(ask())
    client.kept = dict.fromkeys(client.kept, junk)

    assert router.complete(ask()).cache == "miss"
    assert router.complete(ask()).cache == "hit"


@pytest.mark.parametrize(
    ("url", "more", "message"),
    [
        ("http://u:s3cret@host", {}, r"redis='host' is no URL of Redis"),
        ("redis://host", {"ttl_seconds": 0}, "30 days"),
    ],
)
def test_a_cache_that_cannot_be_is_refused(url: str, more: dict[str, Any], message: str) -> None:
    """Without the password that stood in its URL."""
    with pytest.raises(RouterConfigError, match=message) as caught:
        RedisCache(url, **more)
    assert "s3cret" not in str(caught.value)
