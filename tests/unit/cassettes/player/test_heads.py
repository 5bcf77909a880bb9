"""Headers of a replayed answer."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from understudy.cassettes import RecordedResponse
from understudy.cassettes.player._replay import replayed_headers

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
