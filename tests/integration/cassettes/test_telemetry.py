"""Events of calls that a cassette records or plays."""

from __future__ import annotations

from threading import Thread
from time import sleep
from typing import TYPE_CHECKING, Any

import pytest
import requests
from tests.support.clients import CALLERS
from tests.support.instruments import Instruments
from tests.support.shelf import chat
from tests.support.wayward import FOLLOWERS, Wayward

from understudy.cassettes import RecordMode
from understudy.cassettes.defaults import CassetteDefaults
from understudy.cassettes.player import CassetteMiss
from understudy.clock import VirtualClock
from understudy.intercept import Taps
from understudy.intercept.cassettes import (
    ACTIVE_CASSETTES,
    CassetteAnswerer,
    use_cassette,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.provider import Provider


class Run(Instruments):
    """The recorder of a run that hosts the cassettes."""

    def __init__(self) -> None:
        super().__init__()
        self.defaults = CassetteDefaults(record_mode=RecordMode.ONCE)

    @property
    def last(self) -> dict[str, Any]:
        """The event that was written last."""
        return self.events[-1]


@pytest.fixture
def run() -> Iterator[Run]:
    """A run."""
    run = Run()
    answerer = CassetteAnswerer(ACTIVE_CASSETTES.stack, current_owner=run.ownership.current)
    taps = Taps(run.recorder, answerer=answerer, reads_uploads=ACTIVE_CASSETTES.are_wanted)
    with ACTIVE_CASSETTES.hosted(lambda: run.defaults), taps:
        yield run


@pytest.mark.parametrize("ask", FOLLOWERS.values(), ids=FOLLOWERS)
def test_a_redirect_is_one_call_recorded_and_replayed(
    ask: Callable[[str], Any], run: Run, tmp_path: Path
) -> None:
    """Each with the question of the first request, and the usage of the last."""
    path = tmp_path / "c.yaml"
    with Wayward() as server:
        with use_cassette(path, record_mode="once"):
            ask(f"{server.url}/to/307/to/303/v1/messages")
        asked = len(server.received)
        with use_cassette(path, record_mode="none"):
            ask(f"{server.url}/to/307/to/303/v1/messages")

        assert len(server.received) == asked
    recorded, replayed = run.events
    assert (recorded["origin"], recorded["cassette_verdict"]) == ("recorded", "recorded")
    assert (replayed["origin"], replayed["cassette_verdict"]) == ("replayed", "hit")
    for event in run.events:
        assert (event["request_model"], event["input_tokens"]) == ("asked", 25)


def test_replay_on_the_virtual_clock_has_the_recorded_times(
    run: Run, provider: Provider, tmp_path: Path
) -> None:
    """At speed 1, exactly."""
    path = tmp_path / "c.yaml"
    caller = next(one for one in CALLERS if one.name == "openai chat, streaming")
    with use_cassette(path, record_mode="once"):
        caller.call(provider.url, "m.chunks-3.first-40.gap-20")
    clock = VirtualClock()
    run.defaults = CassetteDefaults(record_mode=RecordMode.NONE, replay_speed=1.0, clock=clock)

    with clock.running(), use_cassette(path):
        caller.call(provider.url, "m.chunks-3.first-40.gap-20")

    event = run.last
    assert event["clock"] == "virtual"
    assert event["ttfc_ms"] == pytest.approx(event["recorded_ttfc_ms"], abs=0.01)
    assert event["ttfc_ms"] >= 40


def test_miss_is_an_event_without_an_answer(run: Run, provider: Provider, tmp_path: Path) -> None:
    """It has the status `error`, and says which cassette had nothing."""
    httpx2 = pytest.importorskip("httpx2")

    with pytest.raises(CassetteMiss), use_cassette(tmp_path / "c.yaml", record_mode="none"):
        httpx2.post(chat(provider), json={"model": "m"})

    event = run.last
    assert (event["status"], event["error_type"]) == ("error", "CassetteMiss")
    assert (event["cassette_verdict"], event["http_status"]) == ("miss", None)
    assert event["origin"] is None


def test_call_that_outlives_its_recording_is_recorded(
    run: Run, provider: Provider, tmp_path: Path
) -> None:
    """Though nothing came of it before its test ended: it was on its way to the network."""
    body = {"model": "m.head-400", "messages": []}
    asking = Thread(target=requests.post, args=(chat(provider),), kwargs={"json": body})
    with use_cassette(tmp_path / "c.yaml", record_mode="once"):
        asking.start()
        while not provider.received:
            sleep(0.01)
        event = run.last
    asking.join()

    assert (event["origin"], event["cassette_verdict"]) == ("recorded", "recorded")
    assert event["status"] == "cancelled"


def test_fake_under_a_recording_cassette_is_mocked(run: Run, tmp_path: Path) -> None:
    """And nothing says that it was recorded."""
    respx = pytest.importorskip("respx")
    httpx = pytest.importorskip("httpx")
    url = "https://api.openai.com/v1/chat/completions"

    with use_cassette(tmp_path / "c.yaml", record_mode="once"), respx.mock() as router:
        router.post(url).respond(json={"choices": []})
        httpx.post(url, json={"model": "m"})

    assert run.last["origin"] == "mocked"
    assert run.last.get("cassette") is None
