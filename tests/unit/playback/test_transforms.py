"""Playbacks made of others."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from understudy.playback import Chunk, Playback, rechunked, slowed

chunks = st.lists(st.tuples(st.integers(0, 9).map(float), st.binary(max_size=30)), max_size=6).map(
    sorted
)


@given(chunks, st.integers(1, 9))
def test_rechunking_keeps_every_byte(given_chunks: list[Chunk], size: int) -> None:
    """In pieces of the size at most, none of them empty, at the old moments."""
    made = list(rechunked(Playback(status=200, chunks=given_chunks), size).chunks)

    assert b"".join(data for _, data in made) == b"".join(data for _, data in given_chunks)
    assert all(0 < len(data) <= size for _, data in made)
    assert {at for at, _ in made} <= {at for at, _ in given_chunks}


@given(chunks, st.floats(0, 5))
def test_slow_chunks_come_later_and_later(given_chunks: list[Chunk], seconds: float) -> None:
    """Each further one by the same time; the bytes stay."""
    made = list(slowed(Playback(status=200, chunks=given_chunks), seconds).chunks)

    delays = [late - at for (late, _), (at, _) in zip(made, given_chunks, strict=True)]
    assert delays[:1] in ([], [0.0])
    assert all(abs(after - before - seconds) < 1e-9 for before, after in pairwise(delays))
    assert [data for _, data in made] == [data for _, data in given_chunks]
