"""OpenAI's images and audio."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.providers.sample_bodies import exchange, sse

from understudy import read_exchange
from understudy.calls import Operation, Usage
from understudy.providers.openai import OpenAIAudio, OpenAIImages

V1 = "https://api.openai.com/v1"
USAGE = {
    "input_tokens": 20,
    "output_tokens": 1_000,
    "total_tokens": 1_020,
    "input_tokens_details": {"text_tokens": 10, "image_tokens": 10},
}
HEARD = {
    "type": "tokens",
    "input_tokens": 14,
    "input_token_details": {"text_tokens": 10, "audio_tokens": 4},
    "output_tokens": 101,
    "total_tokens": 115,
}
FORM = (
    b'--x\r\nContent-Disposition: form-data; name="model"\r\n\r\ngpt-4o-transcribe\r\n'
    b"--x\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b'Content-Disposition: form-data; name="stream"\r\n\r\ntrue\r\n'
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n'
    b'Content-Type: audio/wav\r\n\r\nRIFF form-data; name="model"\r\n\r\nx\r\n--x--\r\n'
)


@pytest.mark.parametrize("place", ["images/generations", "images/edits"])
def test_an_image_is_a_call_with_tokens(place: str) -> None:
    """Its request names the model, its answer the usage."""
    read = exchange(f"{V1}/{place}", {"data": [], "usage": USAGE}, asked={"model": "gpt-image-1"})

    assert (read.wire_api, read.operation) == ("openai.images", Operation.GENERATE_CONTENT)
    assert (read.request_model, read.usage, read.text) == ("gpt-image-1", Usage(20, 1_000), None)


def test_a_streamed_image_tells_its_usage_at_the_end() -> None:
    """Partial images before."""
    body = sse(
        {"type": "image_generation.partial_image", "b64_json": "aa"},
        {"type": "image_generation.completed", "b64_json": "ab", "usage": USAGE},
    )

    read = exchange(f"{V1}/images/generations", body)

    assert (read.usage, read.complete, read.stream) == (Usage(20, 1_000), True, True)


def test_older_models_are_calls_without_usage() -> None:
    """Billed by the image: unknown is not nothing."""
    read = exchange(f"{V1}/images/generations", {"data": []}, asked={"model": "dall-e-3"})

    assert (read.operation, read.usage) == (Operation.GENERATE_CONTENT, None)


def test_a_transcript_is_the_text_of_its_call() -> None:
    """With tokens of audio and of text."""
    read = exchange(f"{V1}/audio/transcriptions", {"text": "Hello", "usage": HEARD})

    assert (read.wire_api, read.operation) == ("openai.audio", Operation.GENERATE_CONTENT)
    assert (read.text, read.usage) == ("Hello", Usage(14, 101))


def test_a_streamed_transcript_is_not_read_twice() -> None:
    """Its last event holds the whole text."""
    body = sse(
        {"type": "transcript.text.delta", "delta": "Hel"},
        {"type": "transcript.text.delta", "delta": "lo"},
        {"type": "transcript.text.done", "text": "Hello", "usage": HEARD},
    )

    read = exchange(f"{V1}/audio/transcriptions", body)

    assert (read.text, read.usage, read.complete) == ("Hello", Usage(14, 101), True)


def test_a_form_names_its_model() -> None:
    """Audio is uploaded; what the file holds is no field."""
    read = read_exchange(
        method="POST",
        url=f"{V1}/audio/transcriptions",
        request_headers={"content-type": "multipart/form-data; boundary=x"},
        request_body=FORM,
        status=200,
        response_body=b'{"text": "Hi"}',
    )

    assert (read.request_model, read.text) == ("gpt-4o-transcribe", "Hi")


def test_seconds_are_no_tokens() -> None:
    """Whisper is billed by them."""
    usage = {"type": "duration", "seconds": 7}

    read = exchange(f"{V1}/audio/translations", {"text": "Hi", "usage": usage})

    assert (read.usage, read.usage_raw) == (Usage(), usage)


@pytest.mark.parametrize(
    ("api", "event", "is_content"),
    [
        (OpenAIImages(), {"type": "image_edit.partial_image"}, True),
        (OpenAIImages(), {"type": "other"}, False),
        (OpenAIAudio(), {"type": "speech.audio.delta"}, True),
        (OpenAIAudio(), {"type": "speech.audio.done"}, False),
        (OpenAIAudio(), {}, False),
    ],
)
def test_content_comes_in_pieces(
    api: OpenAIImages | OpenAIAudio, event: dict[str, Any], *, is_content: bool
) -> None:
    """Of an image, of sound, of a transcript."""
    assert api.has_content(event) is is_content
