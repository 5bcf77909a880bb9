"""Events of calls that a cassette records or plays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.clients import CALLERS, Caller
from tests.support.shelf import chat

from understudy.cassettes import RecordMode
from understudy.cassettes.defaults import CassetteDefaults
from understudy.cassettes.player import CassetteMiss
from understudy.clock import RealClock, VirtualClock
from understudy.intercept import Taps
from understudy.intercept.cassettes import (
    ACTIVE_CASSETTES,
    CassetteAnswerer,
    use_cassette,
)
from understudy.pricing import Prices, price_book, read_prices
from understudy.telemetry import EventLog, FaultLog, Owner, Ownership, Recorder, Telemetry
from understudy.wire import WireApis

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.provider import Provider

CHATS = [caller for caller in CALLERS if caller.is_possible and "embeddings" not in caller.name]
each_chat = pytest.mark.parametrize("caller", CHATS, ids=lambda caller: caller.name)


class Run:
    """The taps and the recorder of a run that hosts the cassettes."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.append = self.lines.append
        self.faults = FaultLog()
        telemetry = Telemetry(
            event_log=EventLog(self, run_id="run", faults=self.faults),
            ownership=Ownership(Owner(phase_id="t.py::test")),
            clock=RealClock(),
            prices=price_book(read_prices({}, where="-"), Prices(table="none")),
        )
        self.owner = telemetry.ownership.current
        self.recorder = Recorder(telemetry=telemetry, apis=WireApis.default(), keeps_content=False)
        self.defaults = CassetteDefaults(record_mode=RecordMode.ONCE)

    @property
    def last(self) -> dict[str, Any]:
        """The event that was written last."""
        self.recorder.flush()
        assert self.faults.first == {}
        event: dict[str, Any] = json.loads(self.lines[-1])
        return event


@pytest.fixture
def run() -> Iterator[Run]:
    """A run."""
    run = Run()
    answerer = CassetteAnswerer(ACTIVE_CASSETTES.stack, current_owner=run.owner)
    taps = Taps(run.recorder, answerer=answerer, reads_uploads=ACTIVE_CASSETTES.are_wanted)
    with ACTIVE_CASSETTES.hosted(lambda: run.defaults), taps:
        yield run


@each_chat
def test_each_call_is_one_event(
    caller: Caller, run: Run, provider: Provider, tmp_path: Path
) -> None:
    """Live while it is recorded, then replayed, with the figures of the recording."""
    path = tmp_path / "c.yaml"

    with use_cassette(path, record_mode="once"):
        caller.call(provider.url, "m.chunks-3")
    recorded = run.last
    with use_cassette(path, record_mode="none"):
        caller.call(provider.url, "m.chunks-3")
    replayed = run.last

    assert len(run.lines) == 2
    assert (recorded["origin"], recorded["cassette_verdict"]) == ("recorded", "recorded")
    assert (replayed["origin"], replayed["cassette_verdict"]) == ("replayed", "hit")
    assert recorded["cassette"] == replayed["cassette"] == str(path)
    for field in ("status", "http_status", "output_tokens", "finish_reason", "response_model"):
        assert replayed.get(field) == recorded.get(field)
    assert replayed["recorded_ttfc_ms"] == pytest.approx(recorded["ttfc_ms"], abs=50)
    assert replayed["recorded_duration_ms"] == pytest.approx(recorded["duration_ms"], abs=50)


def test_replay_on_the_virtual_clock_has_the_recorded_times(
    run: Run, provider: Provider, tmp_path: Path
) -> None:
    """At speed 1, exactly."""
    path = tmp_path / "c.yaml"
    caller = next(one for one in CHATS if one.name == "openai chat, streaming")
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
