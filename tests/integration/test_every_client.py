"""The journey of each client: untapped, tapped, recorded, replayed here and by vcrpy, mocked."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import vcr
from tests.support.answering import Mocked, talkative
from tests.support.clients import CALLERS, Caller, each_caller
from tests.support.instruments import Instruments
from tests.support.shelf import comparable
from tests.support.watcher import Watcher

from understudy.cassettes import Cassette, RecordMode
from understudy.cassettes.defaults import CassetteDefaults
from understudy.intercept import Taps
from understudy.intercept.cassettes import ACTIVE_CASSETTES, CassetteAnswerer, use_cassette
from understudy.mock import MockLibrary, MockLLM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.provider import Provider

    from understudy.clock import VirtualClock

MODEL = "m.chunks-3"
NOWHERE = "https://llm.test"
LINES = 10
TEXT = "\n".join(f"line {number}" for number in range(LINES))
FIRST, TOTAL = 1500.0, 1500.0 + (LINES - 1) * 150.0
#: A client for each tap: what is replayed, and what is answered, takes another way in each.
RAW = ["httpx", "httpx, async, streaming", "httpx2", "httpx2, async, streaming", "aiohttp"]
RAW += ["aiohttp, streaming", "urllib3", "urllib3, streaming", "requests"]


def called(name: str) -> Caller:
    """Return the caller of that name."""
    return next(caller for caller in CALLERS if caller.name == name)


each_raw = pytest.mark.parametrize("name", [name for name in RAW if called(name).is_possible])


@each_caller
def test_journey_of_a_client(
    caller: Caller, provider: Provider, tmp_path: Path, stopped: VirtualClock
) -> None:
    """The application sees the same on all of it, and every call is one attempt and one event."""
    journey = Journey(caller, provider, tmp_path)

    journey.taps_change_nothing()
    journey.a_recording_holds_what_the_provider_sent()
    seen = journey.a_replay_is_what_was_recorded()
    journey.the_same_file_plays_in_vcrpy(seen)
    journey.vcrpys_file_plays_here()
    journey.a_mock_answers_at_its_moments(stopped)


@dataclass(frozen=True)
class Journey:
    """One caller's, with a provider and a folder for cassettes."""

    caller: Caller
    provider: Provider
    folder: Path

    def call(self, model: str = MODEL) -> list[str]:
        """Call the provider; return what the application sees."""
        return self.caller.call(self.provider.url, model)

    def taps_change_nothing(self) -> None:
        """Answers, chunk boundaries and headers are those of an untapped call.

        Whatever layers it passes, the tapped one is one attempt, seen whole and live.
        """
        untapped = self.call()
        watcher = Watcher()
        with Taps(watcher):
            tapped = self.call()

        assert tapped == untapped
        assert self.provider.received[0].body == self.provider.received[1].body
        assert watcher.faults == []
        watched, received = watcher.only, self.provider.last
        assert (watched.client, watched.origin, watched.status) == (self.caller.client, None, 200)
        assert watched.request.method.upper() == "POST"
        assert watched.request.url.startswith(self.provider.url)
        assert watched.request.body == received.body
        assert dict(watched.request.headers).items() <= received.headers.items()
        assert ("x-request-id", "req_1") in watched.headers
        self._was_sent(watched.body)

    def a_recording_holds_what_the_provider_sent(self) -> None:
        """Decompressed, and to its last event; its event is that of a live call."""
        path = self.folder / "c.yaml"
        with _hosted() as recorded, use_cassette(path, record_mode="once"):
            self.call(self._compressed)

        with Cassette.open(path) as cassette:
            (stored,) = cassette.interactions
        self._was_sent(stored.response.body)
        assert "content-encoding" not in dict(stored.response.headers)
        assert json.loads(stored.request.body) == self.provider.last.json
        event = recorded.only
        assert (event["origin"], event["cassette_verdict"]) == ("recorded", "recorded")
        assert event["cassette"] == str(path)

    def a_replay_is_what_was_recorded(self) -> list[str]:
        """The provider sees nothing of it, and the event has the figures of the recording."""
        with _hosted() as recording, use_cassette(self._plain, record_mode="once"):
            seen = self.call()
        live = len(self.provider.received)

        with _hosted() as replaying, use_cassette(self._plain, record_mode="none") as cassette:
            replayed = self.call()

        assert comparable(replayed) == comparable(seen)
        assert len(self.provider.received) == live
        assert cassette.all_played
        recorded, event = recording.only, replaying.only
        assert (event["origin"], event["cassette_verdict"]) == ("replayed", "hit")
        assert event["cassette"] == str(self._plain)
        for field in ("status", "http_status", "output_tokens", "finish_reason", "response_model"):
            assert event.get(field) == recorded.get(field)
        for field in ("ttfc_ms", "duration_ms"):
            assert 0 < event[f"recorded_{field}"] < recorded[field] + 50
        return seen

    def the_same_file_plays_in_vcrpy(self, seen: list[str]) -> None:
        """With its own matching, as it comes."""
        live = len(self.provider.received)

        with vcr.use_cassette(str(self._plain), record_mode="none") as cassette:
            replayed = self.call()

        assert comparable(replayed) == comparable(seen)
        assert len(self.provider.received) == live
        assert cassette.all_played

    def vcrpys_file_plays_here(self) -> None:
        """Compressed as it came, and it stays as it is."""
        check_that_vcrpys_file_plays_here(
            self.caller, self._compressed, self.provider, self.folder / "theirs.yaml"
        )

    def a_mock_answers_at_its_moments(self, clock: VirtualClock) -> None:
        """No host of that name exists; first content at the think time, the end nine lines on."""
        recorded = Instruments(clock)
        mock = MockLLM(MockLibrary.default(), clock=clock, profile="realistic_l3")
        mock.reply(TEXT)
        with clock.running(), Taps(recorded.recorder, answerer=Mocked(mock)):
            assert self.caller.call(NOWHERE, "gpt-test")

        assert len(mock.calls) == 1
        event = recorded.only
        assert (event["origin"], event["status"], event["http_status"]) == ("mocked", "ok", 200)
        if "embeddings" in self.caller.name:
            return
        first = FIRST if event["stream"] else TOTAL
        assert event["ttfc_ms"] == pytest.approx(first, abs=0.01)
        assert event["duration_ms"] == pytest.approx(TOTAL, abs=0.01)
        assert event["output_tokens"] > 0

    @property
    def _plain(self) -> Path:
        return self.folder / "plain.yaml"

    @property
    def _compressed(self) -> str:
        # botocore decodes nothing
        return MODEL if self.caller.name.startswith("boto3") else f"{MODEL}.enc-gzip"

    def _was_sent(self, body: bytes) -> None:
        sent = self.provider.last.sent
        assert sent.startswith(body)
        assert body == sent or self.caller.leaves_the_end


def check_that_vcrpys_file_plays_here(
    caller: Caller, model: str, provider: Provider, path: Path
) -> None:
    """Record with vcrpy, replay with us."""
    with vcr.use_cassette(str(path), record_mode="once"):
        recorded = caller.call(provider.url, model)
    before, live = path.read_bytes(), len(provider.received)

    with use_cassette(path, record_mode="none") as cassette:
        replayed = caller.call(provider.url, model)

    assert comparable(replayed) == comparable(recorded)
    assert len(provider.received) == live
    assert cassette.all_played
    assert path.read_bytes() == before


@contextmanager
def _hosted() -> Iterator[Instruments]:
    """Record the events of a run that hosts the cassettes."""
    recorded, defaults = Instruments(), CassetteDefaults(record_mode=RecordMode.ONCE)
    answerer = CassetteAnswerer(ACTIVE_CASSETTES.stack, current_owner=recorded.ownership.current)
    taps = Taps(recorded.recorder, answerer=answerer, reads_uploads=ACTIVE_CASSETTES.are_wanted)
    with ACTIVE_CASSETTES.hosted(lambda: defaults), taps:
        yield recorded


@each_raw
def test_vcrpys_uncompressed_file_plays_here(name: str, provider: Provider, tmp_path: Path) -> None:
    """Whatever client it was recorded with."""
    check_that_vcrpys_file_plays_here(called(name), MODEL, provider, tmp_path / "c.yaml")


@each_raw
def test_answer_needs_nobody_who_watches(name: str) -> None:
    """Where the observer watches nothing, the answer is the same."""
    with Taps(Watcher(), answerer=Mocked(talkative())):
        expected: list[Any] = called(name).call(NOWHERE, MODEL)

    with Taps(Watcher(ignores=lambda _: True), answerer=Mocked(talkative())):
        seen = called(name).call(NOWHERE, MODEL)

    assert len(seen) == len(expected)
