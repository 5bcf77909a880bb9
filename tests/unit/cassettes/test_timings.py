"""Recorded moments become the timing that profiles learn from."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from understudy.cassettes import Interaction, RecordedRequest, RecordedResponse, Timing
from understudy.cassettes._document import document_of
from understudy.cassettes.timings import measured_answer, measured_answers, recorded_profile
from understudy.delays import TimedCall
from understudy.delays.fitting import MeasuredAnswer
from understudy.errors import CassetteError
from understudy.providers import default_apis

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://api.openai.com/v1/chat/completions"
ROLE = b'data: {"choices": [{"delta": {"role": "assistant"}}]}\n\n'
WORD = b'data: {"choices": [{"delta": {"content": "Hi"}}]}\n\n'


def streamed(*chunks: tuple[float, bytes], status: int = 200, url: str = URL) -> Interaction:
    """Return a recorded stream."""
    timing = Timing.of_chunks(10.0, chunks, end_ms=500.0, event_stream=True)
    headers = (("Content-Type", "text/event-stream"),)
    body = b"".join(data for _, data in chunks)
    return Interaction(
        RecordedRequest(method="POST", url=url, body=b'{"model": "m", "stream": true}'),
        RecordedResponse(status=status, headers=headers, body=body, timing=timing),
    )


def test_the_first_content_counts_and_not_the_first_byte() -> None:
    """The role comes long before the first word; words that came together share their delay."""
    recorded = streamed((40.0, ROLE), (300.0, WORD), (320.0, WORD), (360.0, WORD + WORD))

    measured = measured_answer(recorded, default_apis())

    assert measured == MeasuredAnswer(300.0, (20.0, 20.0, 20.0))


@pytest.mark.parametrize(
    "recorded",
    [
        streamed((40.0, ROLE)),
        streamed((40.0, WORD), status=429),
        streamed((40.0, WORD), url="https://api.openai.com/v1/files"),
        Interaction(
            RecordedRequest(method="POST", url=URL), RecordedResponse(status=200, body=WORD)
        ),
    ],
)
def test_what_tells_no_timing_is_left_out(recorded: Interaction) -> None:
    """No content, an error, no call to a model, no moments."""
    assert measured_answers([recorded], default_apis()) == []


def test_the_profile_recorded_plays_what_was_measured(tmp_path: Path) -> None:
    """One answer for each call."""
    path = tmp_path / "a.json"
    recorded = streamed((300.0, WORD), (320.0, WORD))
    path.write_text(json.dumps({"version": 1, "interactions": [document_of(recorded)]}))

    profile = recorded_profile([path], default_apis(), state=tmp_path / "state")

    assert list(islice(profile.delays(TimedCall("seed")), 4)) == [0.3, 0.02, 0.02, 0.02]


def test_without_timing_there_is_no_profile(tmp_path: Path) -> None:
    """The message says how to get one."""
    path = tmp_path / "a.json"
    path.write_text('{"version": 1, "interactions": []}')

    with pytest.raises(CassetteError, match="finds no streamed answer with timing in"):
        recorded_profile([path], default_apis(), state=tmp_path / "state")
