"""Streams: they stay streams while they are recorded, and are played as they came."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import anthropic
import httpx2
import openai
import pytest
from tests.support.clients import MESSAGES
from tests.support.readers import ASYNC_READERS, READERS, AsyncReader, Reader
from tests.support.shelf import chat, only
from tests.support.watcher import Watcher

from understudy.cassettes import RecordMode
from understudy.cassettes.defaults import CassetteDefaults
from understudy.clock import VirtualClock
from understudy.intercept import Taps
from understudy.intercept.cassettes import (
    ACTIVE_CASSETTES,
    CassetteAnswerer,
    use_cassette,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.provider import Provider


@pytest.mark.parametrize("read", READERS)
def test_application_that_stops_stops_while_recording(
    read: Reader, provider: Provider, tmp_path: Path
) -> None:
    """A provider that says nothing more does not hold it; only what was read is stored."""
    path = tmp_path / "c.yaml"

    with use_cassette(path, record_mode="once"):
        seen = read(chat(provider), "m.chunks-9.hang-3", 30.0, at_most=1)

    assert only(path).body == b"".join(seen)
    assert not only(path).complete


@pytest.mark.parametrize("read", READERS)
def test_pieces_are_played_as_they_came(read: Reader, provider: Provider, tmp_path: Path) -> None:
    """Each event apart from the next one."""
    path = tmp_path / "c.yaml"
    with use_cassette(path, record_mode="once"):
        recorded = read(chat(provider), "m.chunks-4.gap-120", 30.0)

    with use_cassette(path, record_mode="none"):
        replayed = read(chat(provider), "m.chunks-4.gap-120", 30.0)

    assert replayed == recorded


@pytest.mark.parametrize("read", ASYNC_READERS)
async def test_pieces_are_played_on_the_loop(
    read: AsyncReader, provider: Provider, tmp_path: Path
) -> None:
    """The same to those who await."""
    path = tmp_path / "c.yaml"
    async with use_cassette(path, record_mode="once"):
        recorded = await read(chat(provider), "m.chunks-4.gap-120", 30.0)

    async with use_cassette(path, record_mode="none"):
        replayed = await read(chat(provider), "m.chunks-4.gap-120", 30.0)

    assert replayed == recorded


@pytest.mark.parametrize("speed", [1.0, 2.0])
def test_replay_takes_the_recorded_time(speed: float, provider: Provider, tmp_path: Path) -> None:
    """On the clock that is active, divided by the speed; a simulated one shows it exactly."""
    path = tmp_path / "c.yaml"
    with use_cassette(path, record_mode="once"):
        _drain(chat(provider), "m.chunks-3.first-60.gap-20")
    timing = only(path).timing
    assert timing is not None
    clock = VirtualClock()

    with clock.running(), a_run_on(clock), use_cassette(path, replay_speed=speed):
        began = clock.now()
        moments = [
            clock.now() - began for _ in _events(chat(provider), "m.chunks-3.first-60.gap-20")
        ]

    expected = [part.at_ms / 1000 / speed for part in timing.parts]
    assert moments == pytest.approx(expected, abs=1e-9)
    assert timing.parts[0].at_ms >= 60


def test_stream_is_whole_at_its_last_event(provider: Provider, tmp_path: Path) -> None:
    """The SDK of openai stops there and closes: it never sees the end."""
    path = tmp_path / "c.yaml"
    with (
        use_cassette(path, record_mode="once"),
        openai.OpenAI(base_url=f"{provider.url}/v1", api_key="x") as client,
    ):
        list(client.chat.completions.create(model="m", messages=MESSAGES, stream=True))

    assert only(path).complete
    assert only(path).body.endswith(b"data: [DONE]\n\n")


def test_stream_that_nobody_closes_is_kept_at_the_end(provider: Provider, tmp_path: Path) -> None:
    """As far as it was read; a later use of the cassette hears nothing more of it."""
    path = tmp_path / "c.yaml"
    with httpx2.Client() as client:
        with use_cassette(path, record_mode="once"):
            request = client.build_request("POST", chat(provider), json={"stream": True})
            chunks = client.send(request, stream=True).iter_raw()
            first = next(chunks)

        rest = list(chunks)

    assert rest
    assert only(path).body == first
    assert not only(path).complete


def test_stream_of_anthropic_is_played_whole(provider: Provider, tmp_path: Path) -> None:
    """Its helper puts the same message together."""
    path = tmp_path / "c.yaml"
    messages = []

    for mode in ("once", "none"):
        with (
            use_cassette(path, record_mode=mode),
            anthropic.Anthropic(base_url=provider.url, api_key="x") as client,
            client.messages.stream(model="m", max_tokens=9, messages=MESSAGES) as stream,
        ):
            messages.append(stream.get_final_message())

    assert messages[0] == messages[1]
    assert len(provider.received) == 1


@contextmanager
def a_run_on(clock: VirtualClock) -> Iterator[None]:
    """Host the cassettes, as a test run does that has taps and a clock of its own."""
    defaults = CassetteDefaults(record_mode=RecordMode.NONE, clock=clock)
    answerer = CassetteAnswerer(ACTIVE_CASSETTES.stack)
    with ACTIVE_CASSETTES.hosted(lambda: defaults), Taps(Watcher(), answerer=answerer):
        yield


def _events(url: str, model: str) -> Iterator[bytes]:
    asked = {"model": model, "messages": [], "stream": True}
    with httpx2.Client() as client, client.stream("POST", url, json=asked) as response:
        yield from response.iter_raw()


def _drain(url: str, model: str) -> None:
    assert list(_events(url, model))
