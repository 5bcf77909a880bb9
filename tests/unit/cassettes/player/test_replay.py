"""Recorded answers as they are played, and their headers."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from understudy.calls import Origin, Request
from understudy.cassettes import NO_ANSWER, Part, RecordedError, RecordedResponse, Timing, Unit
from understudy.cassettes.player import Replay
from understudy.cassettes.player._replay import playback_of, recorded_ttfc_ms, replayed_headers
from understudy.clock import VirtualClock
from understudy.playback import Breakage, Broken
from understudy.providers import default_apis

SSE = (("content-type", "text/event-stream"),)
EVENTS = [b'data: {"choices": [{"delta": {"content": "a"}}]}\n\n', b"data: [DONE]\n\n"]
TIMING = Timing(
    headers_ms=100.0, parts=(Part(300.0, 1), Part(400.0, 1)), unit=Unit.EVENTS, end_ms=410.0
)
STREAM = RecordedResponse(status=200, headers=SSE, body=b"".join(EVENTS), timing=TIMING)
CHAT = default_apis().recognise(
    Request("POST", "https://api.openai.com/v1/chat/completions", {}, b'{"stream": true}')
)


@pytest.mark.parametrize("speed", [1.0, 2.0, 0.5])
def test_pieces_come_in_recorded_time(speed: float) -> None:
    """Divided by the speed."""
    playback = playback_of(STREAM, speed=speed)

    chunks = list(playback.chunks)
    moments = [playback.head_at, *(at for at, _ in chunks)]
    assert moments == pytest.approx([0.1 / speed, 0.3 / speed, 0.4 / speed])
    assert [data for _, data in chunks] == EVENTS


def test_everything_comes_at_once_at_speed_zero() -> None:
    """In the pieces that it came in."""
    playback = playback_of(STREAM, speed=0.0)

    assert playback.head_at == 0.0
    assert list(playback.chunks) == [(0.0, event) for event in EVENTS]


def test_answer_without_timing_comes_at_once() -> None:
    """As vcrpy stores it, whatever the speed."""
    playback = playback_of(RecordedResponse(status=200, body=b"abc"), speed=1.0)

    assert (playback.head_at, list(playback.chunks)) == (0.0, [(0.0, b"abc")])


def test_answer_without_a_body_has_no_pieces() -> None:
    """Nothing is not an empty piece."""
    assert list(playback_of(RecordedResponse(status=204), speed=1.0).chunks) == []


@pytest.mark.parametrize(
    ("kind", "breakage"),
    [("read_timeout", Breakage.READ_TIMEOUT), ("what is this", Breakage.RESET)],
)
def test_failure_comes_after_the_recorded_silence(kind: str, breakage: Breakage) -> None:
    """Divided by the speed."""
    response = RecordedResponse(
        status=200,
        body=b"".join(EVENTS),
        timing=Timing(headers_ms=100.0, parts=TIMING.parts, unit=Unit.EVENTS, end_ms=2400.0),
        error=RecordedError(kind=kind),
    )

    broken = playback_of(response, speed=2.0).broken

    assert broken is not None
    assert (broken.kind, broken.before_head, broken.after) == (breakage, False, 1.0)


def test_failure_in_the_heads_place_is_played_on_the_clock() -> None:
    """A client that waits longer than was recorded sees it then."""
    clock = VirtualClock()
    response = RecordedResponse(
        status=NO_ANSWER,
        timing=Timing(headers_ms=5000.0, end_ms=5000.0),
        error=RecordedError(kind="read_timeout", before_head=True),
    )
    with clock.running():
        began = clock.now()
        replay = Replay(playback_of(response, speed=1.0), response, clock, began, CHAT, "c.yaml")

        with pytest.raises(Broken):
            replay.player(read_timeout=60.0).wait_for_head()

        assert clock.now() - began == pytest.approx(5.0)


def test_facts_tell_what_was_recorded() -> None:
    """The moments are those of the recording, whatever the speed of the replay."""
    clock = VirtualClock()

    facts = Replay(playback_of(STREAM, speed=0.0), STREAM, clock, 0.0, CHAT, "c.yaml").event_fields

    assert facts == {
        "origin": Origin.REPLAYED,
        "clock": "virtual",
        "cassette": "c.yaml",
        "cassette_verdict": "hit",
        "recorded_ttfc_ms": 300.0,
        "recorded_duration_ms": 410.0,
    }


async def test_same_answer_is_played_to_those_who_await() -> None:
    """Chunk by chunk."""
    replay = Replay(playback_of(STREAM, speed=0.0), STREAM, VirtualClock(), 0.0, CHAT, "c.yaml")

    assert [data async for data in replay.async_player()] == EVENTS


def test_first_content_of_an_answer_in_one_piece_is_its_end() -> None:
    """It came with the whole."""
    response = RecordedResponse(
        status=200,
        headers=(("content-type", "application/json"),),
        body=b'{"choices": []}',
        timing=Timing(headers_ms=1.0, parts=(Part(2.0, 15),), end_ms=3.0),
    )

    assert recorded_ttfc_ms(response, CHAT) == 3.0


@pytest.mark.parametrize(
    "response",
    [
        RecordedResponse(status=200, body=b"{}"),
        RecordedResponse(status=500, body=b'{"error": {}, "a": 1}', timing=TIMING),
        RecordedResponse(status=200, body=b"", timing=TIMING, error=RecordedError(kind="reset")),
    ],
    ids=["no timing", "an error", "a failure"],
)
def test_first_content_is_unknown(response: RecordedResponse) -> None:
    """Where nobody timed it, and where there was none."""
    assert recorded_ttfc_ms(response, CHAT) is None


def test_first_content_of_what_is_no_call_is_unknown() -> None:
    """Nobody knows what content is there."""
    assert recorded_ttfc_ms(STREAM, None) is None


DATE = ("date", "Fri, 20 Nov 2026 13:00:00 GMT")
LATER = "Fri, 20 Nov 2026 13:00:10 GMT"


def replayed(*headers: tuple[str, str], speed: float = 0.0, body: bytes = b"") -> dict[str, str]:
    response = RecordedResponse(status=200, headers=headers, body=body)
    return dict(replayed_headers(response, speed=speed))


@pytest.mark.parametrize(
    ("value", "speed", "replayed_as"),
    [
        ("3", 0.0, "0"),
        ("3", 1.0, "3"),
        ("3", 2.0, "2"),
        ("0.5", 1.0, "1"),
        (LATER, 1.0, "10"),
        (LATER, 0.0, "0"),
        ("soon", 1.0, "0"),
        ("nan", 1.0, "0"),
        ("-5", 1.0, "0"),
        ("1e400", 1.0, "1000000000000"),
    ],
)
def test_retry_after_scales_with_the_speed(value: str, speed: float, replayed_as: str) -> None:
    """In whole seconds, a date counted from the answer's own."""
    assert replayed(DATE, ("Retry-After", value), speed=speed)["Retry-After"] == replayed_as


def test_date_without_a_date_to_count_from_is_no_time() -> None:
    """Nobody knows how long it was."""
    assert replayed(("retry-after", LATER), speed=1.0)["retry-after"] == "0"


def test_date_counts_from_the_recording_where_the_answer_has_none() -> None:
    """The header of the answer's own date is not kept."""
    response = RecordedResponse(
        status=429,
        headers=(("retry-after", LATER),),
        recorded_at=datetime(2026, 11, 20, 13, 0, 6, tzinfo=UTC),
    )

    assert dict(replayed_headers(response, speed=1.0))["retry-after"] == "4"


def test_sdks_that_ignore_zero_are_told_a_millisecond() -> None:
    """They would wait half a second and longer."""
    assert replayed(("retry-after", "3"))["retry-after-ms"] == "1"


@pytest.mark.parametrize(
    ("value", "speed", "replayed_as"),
    [("3000", 0.0, "1"), ("3000", 2.0, "1500"), ("soon", 1.0, "soon")],
)
def test_milliseconds_scale_too(value: str, speed: float, replayed_as: str) -> None:
    """At speed 0 the shortest time is left that counts as a wish."""
    headers = replayed(("retry-after-ms", value), speed=speed)

    assert headers == {"retry-after-ms": replayed_as}


def test_length_is_that_of_the_stored_body() -> None:
    """A secret that was taken out has changed it."""
    assert replayed(("Content-Length", "9"), body=b"abc") == {"Content-Length": "3"}


def test_length_of_an_answer_without_a_body_stays() -> None:
    """That of a HEAD request says what there would be."""
    assert replayed(("content-length", "9")) == {"content-length": "9"}


def test_encoding_of_a_body_that_is_stored_decoded_is_dropped() -> None:
    """As vcrpy stores what it recorded from requests and aiohttp."""
    assert replayed(("content-encoding", "gzip"), body=b'{"a": 1, "b": 2}') == {}


def test_encoding_of_a_body_that_is_stored_compressed_stays() -> None:
    """The client decodes it."""
    body = gzip.compress(b'{"a": 1}')

    assert replayed(("content-encoding", "gzip"), body=body) == {"content-encoding": "gzip"}
