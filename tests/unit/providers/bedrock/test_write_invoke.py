"""Frames of the event stream, and families of models that no SDK test meets."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.eventstream import EventStreamBuffer
from tests.unit.providers.wire_cases import BEDROCK, render, whole

from understudy.calls import Usage
from understudy.wire.writing import ErrorKind, Failure, Reply, TextLine

REPLY = Reply(lines=(TextLine(("Hel", "lo")),), usage=Usage(11, 7))


def frames(url: str, reply: Reply) -> list[Any]:
    """Return the headers of each frame, as botocore reads them and their checksums."""
    buffer = EventStreamBuffer()
    buffer.add_data(render(url, {}, reply).body)
    return [message.headers for message in buffer]


def test_frames_are_those_of_aws() -> None:
    """And botocore finds their checksums right."""
    told = frames(f"{BEDROCK}/m/converse-stream", REPLY)

    assert told[0] == {
        ":event-type": "messageStart",
        ":content-type": "application/json",
        ":message-type": "event",
    }
    assert len(told) == 6


def test_an_exception_is_a_frame_of_its_own_kind() -> None:
    """Beside the chunks of an invoke-stream too."""
    broken = Reply(lines=REPLY.lines, usage=Usage(), broken_by=Failure(kind=ErrorKind.RATE_LIMIT))

    *chunks, last = frames(f"{BEDROCK}/meta.llama3/invoke-with-response-stream", broken)

    assert {one[":event-type"] for one in chunks} == {"chunk"}
    assert (last[":exception-type"], last[":message-type"]) == ("throttlingException", "exception")


def test_command_answers_as_coheres_first_api() -> None:
    """Without usage, which stands in the headers."""
    rendered = render(f"{BEDROCK}/cohere.command-r-v1%3A0/invoke", {"message": "x"}, REPLY)

    answer = whole(rendered)
    assert (answer["text"], answer["finish_reason"], "meta" in answer) == (
        "Hello",
        "COMPLETE",
        False,
    )
    assert answer["chat_history"][0] == {"role": "USER", "message": "x"}
    assert dict(rendered.headers)["x-amzn-bedrock-input-token-count"] == "11"
    assert len(frames(f"{BEDROCK}/cohere.command-r/invoke-with-response-stream", REPLY)) == 4


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"anthropic_version": "x"}, "stop_sequence"),
        ({"schemaVersion": "x"}, "output"),
        ({"inferenceConfig": {}}, "output"),
        ({"textGenerationConfig": {}}, "results"),
        ({"max_gen_len": 3}, "generation"),
        ({}, "choices"),
    ],
)
def test_a_model_without_a_name_is_known_by_its_body(body: dict[str, Any], key: str) -> None:
    """Application inference profiles are opaque."""
    url = f"{BEDROCK}/arn%3Aaws%3Abedrock%3A1%3Aapplication-inference-profile%2Fx/invoke"

    assert key in whole(render(url, body, REPLY))


def test_claude_of_no_known_name_keeps_it() -> None:
    """The message names the model asked for."""
    answer = whole(render(f"{BEDROCK}/my-anthropic/invoke", {}, REPLY))

    assert answer["model"] == "my-anthropic"
