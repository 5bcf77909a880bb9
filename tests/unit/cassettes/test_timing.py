"""The timing of recorded answers: taken, written, read back, and played."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.cassettes import Part, Timing, Unit
from understudy.cassettes._timing import timing_document, timing_of

EVENTS = [
    (300.0, b"data: 1\n\nda"),
    (320.0, b"ta: 2\n\ndata: 3\n\n"),
    (330.0, b"data"),
    (340.0, b""),
]
BODY = b"".join(data for _, data in EVENTS)

moments = st.lists(st.integers(0, 5_000), max_size=8).map(
    lambda gaps: [sum(gaps[: place + 1]) / 10 for place in range(len(gaps))]
)


def test_an_event_stream_is_timed_by_whole_events() -> None:
    """An event counts when its last byte came; what is not whole is in no part."""
    timing = Timing.of_chunks(36.0, EVENTS, end_ms=350.0, event_stream=True)

    assert timing.unit is Unit.EVENTS
    assert timing.parts == (Part(300.0, 1), Part(320.0, 2))


def test_another_body_is_timed_by_bytes() -> None:
    """Chunks without bytes are none."""
    timing = Timing.of_chunks(36.0, EVENTS)

    assert timing.unit is Unit.BYTES
    assert timing.parts == (Part(300.0, 11), Part(320.0, 16), Part(330.0, 4))


def test_a_stream_is_cut_at_its_events() -> None:
    """And what follows them comes at the end."""
    timing = Timing.of_chunks(36.0, EVENTS, end_ms=350.0, event_stream=True)

    assert timing.split(BODY) == [
        (300.0, b"data: 1\n\n"),
        (320.0, b"data: 2\n\ndata: 3\n\n"),
        (350.0, b"data"),
    ]


def test_events_keep_their_moments_when_what_they_hold_is_rewritten() -> None:
    """As redaction does."""
    timing = Timing.of_chunks(36.0, EVENTS, event_stream=True)

    assert timing.split(b"data: [redacted]\n\ndata: 2\n\ndata: 3\n\n") == [
        (300.0, b"data: [redacted]\n\n"),
        (320.0, b"data: 2\n\ndata: 3\n\n"),
    ]


@pytest.mark.parametrize(
    ("body", "pieces"),
    [
        (b"", []),
        (b"ab", [(1.0, b"ab")]),
        (b"abcdefgh", [(1.0, b"abc"), (2.0, b"def"), (2.0, b"gh")]),
    ],
)
def test_a_body_of_another_length_is_cut_as_far_as_it_goes(
    body: bytes, pieces: list[tuple[float, bytes]]
) -> None:
    """Nothing is lost, nothing is made up."""
    timing = Timing(headers_ms=0.5, parts=(Part(1.0, 3), Part(2.0, 3)))

    assert timing.split(body) == pieces


def test_a_body_without_parts_comes_with_the_headers_or_the_end() -> None:
    """Whichever is known last."""
    assert Timing(headers_ms=5.0).split(b"a") == [(5.0, b"a")]
    assert Timing(headers_ms=5.0, end_ms=9.0).split(b"a") == [(9.0, b"a")]


@given(moments, st.data())
def test_chunks_are_cut_as_they_came(at: list[float], data: st.DataObject) -> None:
    """Byte for byte and moment for moment."""
    chunks = [(each, data.draw(st.binary(min_size=1, max_size=5))) for each in at]

    timing = Timing.of_chunks(0.0, chunks)

    assert timing.split(b"".join(piece for _, piece in chunks)) == chunks


@given(
    moments,
    st.sampled_from(Unit),
    st.one_of(st.none(), st.integers(0, 90_000).map(lambda tenths: tenths / 10)),
    st.data(),
)
def test_what_is_written_is_read_back(
    at: list[float], unit: Unit, end: float | None, data: st.DataObject
) -> None:
    """To a tenth of a millisecond."""
    parts = tuple(Part(each, data.draw(st.integers(1, 9))) for each in at)
    timing = Timing(headers_ms=12.3, parts=parts, unit=unit if parts else Unit.BYTES, end_ms=end)

    assert timing_of(timing_document(timing)) == timing


def test_a_reader_can_follow_what_is_written() -> None:
    """Gaps, and how many events came at once."""
    timing = Timing.of_chunks(36.25, EVENTS, end_ms=350.0, event_stream=True)

    assert timing_document(timing) == {
        "headers_ms": 36.2,
        "events": "+300.0 +20.0*2",
        "end_ms": 350.0,
    }


@pytest.mark.parametrize(
    "document",
    [
        {"headers_ms": 1.0, "events": "+1.0 x"},
        {"headers_ms": 1.0, "chunks": "1"},
        {"headers_ms": "x"},
    ],
)
def test_what_is_no_timing_is_refused(document: dict[str, object]) -> None:
    """Rather than guessed at."""
    with pytest.raises(ValueError, match=r"timing|float"):
        timing_of(document)
