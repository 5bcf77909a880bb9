"""LM Studio's own chat, read."""

from __future__ import annotations

import json

from tests.unit.providers.sample_bodies import exchange, sse

from understudy.calls import Request, Response, Usage
from understudy.providers import default_apis
from understudy.providers.lmstudio import LmStudioChat

URL = "http://localhost:1234/api/v1/chat"
STATS = {
    "input_tokens": 359,
    "total_output_tokens": 218,
    "reasoning_output_tokens": 24,
    "tokens_per_second": 41.1,
    "time_to_first_token_seconds": 1.367,
}
ANSWER = {
    "model_instance_id": "openai/gpt-oss-20b",
    "output": [
        {"type": "reasoning", "content": "Hm."},
        {"type": "tool_call", "tool": "search", "arguments": {"q": "a"}, "output": "b"},
        {"type": "message", "content": "Found."},
    ],
    "stats": STATS,
    "response_id": "resp_1",
}
STREAM = sse(
    {"type": "chat.start", "model_instance_id": "openai/gpt-oss-20b"},
    {"type": "model_load.start", "model_instance_id": "openai/gpt-oss-20b"},
    {"type": "model_load.end", "load_time_seconds": 12.34},
    {"type": "reasoning.delta", "content": "Hm."},
    *[{"type": "message.delta", "content": piece} for piece in ("Fo", "un", "d", ".")],
    {"type": "message.end"},
    {"type": "chat.end", "result": ANSWER},
)


def test_an_answer_is_read() -> None:
    """Its tools were called already, so they are nobody's to call."""
    read = exchange(URL, ANSWER, asked={"model": "m", "input": "x"})

    assert (read.text, read.tool_calls, read.response_id) == ("Found.", (), "resp_1")
    assert read.usage == Usage(359, 218, reasoning_tokens=24)
    assert (read.usage_raw, read.response_model) == (STATS, "openai/gpt-oss-20b")
    assert (read.provider, read.wire_api) == ("lmstudio", "lmstudio.chat")


def test_a_stream_is_read_once() -> None:
    """Its last event holds what the pieces before it brought, and how long the load took."""
    request = Request("POST", URL, {}, json.dumps({"input": "x", "stream": True}).encode())
    recognised = default_apis().recognise(request)
    assert recognised is not None
    response = Response(200, {"content-type": "text/event-stream"}, STREAM)

    read, draft = recognised.read(request, response), recognised.skim(request, response)

    assert (read.text, read.complete, read.stream) == ("Found.", True, True)
    assert read.usage == Usage(359, 218, reasoning_tokens=24)
    assert draft.timings is not None
    assert (draft.timings.load_ms, draft.timings.is_load) == (12340, True)


def test_elsewhere_it_is_told_by_its_body() -> None:
    """An application's own /api/v1/chat speaks of no model."""
    url = "http://testserver/api/v1/chat"

    assert exchange(url, {}, asked={"input": "x"}).operation is None
    assert exchange(url, {}, asked={"input": "x", "model": "m"}).operation == "chat"


def test_content_is_text_thoughts_or_a_tool() -> None:
    """Not the progress of a load."""
    assert LmStudioChat().has_content({"type": "reasoning.delta", "content": "a"})
    assert not LmStudioChat().has_content({"type": "model_load.progress", "progress": 0.5})


def test_a_prompt_is_a_text_or_several_things() -> None:
    """Of which texts count."""
    asked = [
        {"type": "message", "content": "What is it?"},
        {"type": "image", "data_url": "data:image/png;base64,"},
    ]
    body = {"model": "m", "input": asked, "system_prompt": "Be kind."}
    request = Request("POST", URL, {}, json.dumps(body).encode())
    recognised = default_apis().recognise(request)
    assert recognised is not None

    prompt = recognised.prompt(recognised.question(request))

    assert (prompt.system_text, prompt.user_text) == ("Be kind.", "What is it?")


def test_the_older_api_is_openais_with_figures() -> None:
    """Below `/api/v0`."""
    request = Request("POST", "http://localhost:1234/api/v0/chat/completions", {}, b"{}")
    recognised = default_apis().recognise(request)
    assert recognised is not None
    told = {
        "choices": [{"message": {"content": "a"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 24, "completion_tokens": 53},
        "stats": {"tokens_per_second": 51.4, "time_to_first_token": 0.111, "generation_time": 0.9},
    }

    draft = recognised.skim(request, Response(200, {}, json.dumps(told).encode()))

    assert (draft.usage, draft.finish_reason) == (Usage(24, 53), "stop")
    assert draft.timings is not None
    assert (draft.timings.prompt_ms, draft.timings.decode_ms) == (111, 900)
