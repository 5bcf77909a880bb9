"""Requests that are no calls, as far as they are read."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.providers.sample_bodies import exchange, ndjson, sse

from understudy import read_exchange
from understudy.calls import Usage
from understudy.providers._unnamed import UnnamedApi


@pytest.mark.parametrize(
    ("answer", "usage"),
    [
        ({"usage": {"prompt_tokens": 1, "completion_tokens": 2}}, Usage(1, 2)),
        ({"usage": {"total_tokens": 7}}, Usage(7)),
        ({"usage": {"inputTokens": 1}}, Usage(1)),
        ({"usageMetadata": {"totalTokenCount": 7}}, Usage()),
        ({"usage": {"input_tokens": 1, "cache_read_input_tokens": 2}}, Usage(3, None, 2)),
        ({"meta": {"billed_units": {"search_units": 1}}}, Usage()),
        ({"usage": "none"}, None),
        ({}, None),
    ],
)
def test_calls_that_nobody_reads_tell_their_usage(answer: Any, usage: Usage | None) -> None:
    """Whatever its shape is."""
    read = exchange("https://api.openai.com/v1/threads/t/runs", answer, asked={"model": "m"})

    assert (read.wire_api, read.operation) == ("openai.assistants", None)
    assert (read.usage, read.request_model) == (usage, "m")


def test_streams_that_nobody_reads_tell_their_usage() -> None:
    """The last one counts."""
    url = "https://api.openai.com/v1/threads/t/runs"
    run = {"id": "r", "model": "m", "usage": {"prompt_tokens": 1, "completion_tokens": 2}}

    read = exchange(url, sse({"id": "r"}, run, done=True))

    assert (read.usage, read.stream, read.complete) == (Usage(1, 2), True, True)
    assert not UnnamedApi("x").has_content(run)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://api.anthropic.com/v1/messages/batches/b/results", "application/x-jsonl"),
        ("https://api.openai.com/v1/files/f/content", "application/octet-stream"),
    ],
)
def test_json_lines_that_are_fetched_are_no_stream(url: str, kind: str) -> None:
    """They are a file, as the results of a batch; events that are fetched are a stream."""
    line = {"custom_id": "a", "result": {"type": "succeeded", "message": {"role": "assistant"}}}

    files, stream = (
        read_exchange(
            method="GET",
            url=url,
            status=200,
            response_headers={"content-type": kind},
            response_body=body,
        )
        for body in (ndjson(line, line), sse(line))
    )

    assert (files.stream, files.complete, stream.stream) == (False, True, True)
