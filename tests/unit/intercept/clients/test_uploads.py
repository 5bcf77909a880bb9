"""What stands in for a body that an application streams."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.watcher import Watcher

from understudy.calls import Request
from understudy.intercept._attempts import HttpAttempts
from understudy.intercept.clients import _uploads
from understudy.intercept.clients._uploads import FileUpload, PiecesUpload, Upload, uploading

if TYPE_CHECKING:
    from collections.abc import Iterator


def told_of(upload: Upload) -> bytes:
    """Return the body that an attempt is told; empty where it is told none."""
    watcher = Watcher()
    attempts = HttpAttempts(watcher)
    attempts.active = True
    attempt = attempts.begin("client", lambda: Request("POST", "http://t.test/", {}, b""))
    assert attempt is not None
    upload.tell_of(attempt)
    assert watcher.faults == []
    return watcher.only.request.body


@given(st.lists(st.binary(max_size=20) | st.text(max_size=20), max_size=8))
def test_the_reader_gets_the_very_pieces(pieces: list[bytes | str]) -> None:
    """And the attempt all of them together."""
    upload = PiecesUpload(pieces)

    taken = list(upload)

    assert all(one is other for one, other in zip(taken, pieces, strict=True))
    whole = b"".join(one.encode() if isinstance(one, str) else one for one in pieces)
    assert told_of(upload) == whole


@given(st.binary(max_size=60), st.integers(min_value=1, max_value=25))
def test_a_file_is_read_to_its_end(body: bytes, size: int) -> None:
    """In whatever sizes."""
    upload = FileUpload(io.BytesIO(body))

    taken = b"".join(iter(lambda: upload.read(size), b""))

    assert told_of(upload) == taken == body


def test_a_body_that_was_cut_off_is_not_told() -> None:
    """It shows no question."""
    upload = PiecesUpload([b"one", b"two"])

    next(iter(upload))

    assert told_of(upload) == b""


def test_a_body_that_is_sent_again_is_told_once() -> None:
    """A redirect begins it anew."""
    upload = PiecesUpload([b"one", b"two"])

    next(iter(upload))
    list(upload)

    assert told_of(upload) == b"onetwo"


def test_a_buffer_that_is_filled_again_is_copied() -> None:
    """As those do that read into one."""

    def pieces() -> Iterator[bytearray]:
        buffer = bytearray(3)
        for piece in (b"one", b"two"):
            buffer[:] = piece
            yield buffer

    upload = PiecesUpload(pieces())
    list(upload)

    assert told_of(upload) == b"onetwo"


@pytest.mark.parametrize("pieces", [[b"12345"], [b"12", 3, b"4"]], ids=["long", "no piece"])
def test_what_is_no_question_is_not_kept(
    pieces: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes to the reader all the same."""
    monkeypatch.setattr(_uploads, "_LONGEST", 4)
    upload = PiecesUpload(pieces)

    assert list(upload) == pieces
    assert told_of(upload) == b""


def test_text_stays_text_to_whoever_asks_for_its_type() -> None:
    """urllib3 does, and encodes what it reads; other questions go to the file itself."""
    watcher = Watcher()
    attempts = HttpAttempts(watcher)
    attempts.active = True
    attempt = attempts.begin("client", lambda: Request("POST", "http://t.test/", {}, b""))
    assert attempt is not None

    with uploading(attempt, io.StringIO("é")) as text, uploading(attempt, io.BytesIO()) as data:
        assert isinstance(text, io.TextIOBase)
        assert (text.read(9), text.read(9)) == ("é", "")
        assert data.getvalue() == b""

    assert watcher.only.request.body == "é".encode()
