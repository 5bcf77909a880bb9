"""What is OpenAI's own, and how the dialects differ."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.providers.wire_cases import MESSAGES, OPENAI, events, render, whole

from understudy.calls import Usage
from understudy.wire.writing import Line, Reply, TextLine, ThinkingLine, ToolLine

CHAT: dict[str, Any] = {"model": "gpt-4o", "messages": MESSAGES}
STREAMED = {**CHAT, "stream": True}
THOUGHT = Reply(lines=(ThinkingLine(("Hm", "m")), TextLine(("Hi",))), usage=Usage(1, 2))
GROQ = "https://api.groq.com/openai/v1/chat/completions"
VLLM = "http://localhost:8000/v1/chat/completions"
MISTRAL = "https://api.mistral.ai/v1/chat/completions"
VERTEX = "https://l-aiplatform.googleapis.com/v1/publishers/mistralai/models/m:streamRawPredict"
AZURE = "https://mine.openai.azure.com/openai/deployments/gpt-4o/chat/completions"


def deltas(url: str, *lines: Line) -> list[Any]:
    """Return the deltas of a stream."""
    told = events(render(url, STREAMED, Reply(lines=lines, usage=Usage(1, 2))))
    return [one["choices"][0]["delta"] for one in told if one != "[DONE]" and one["choices"]]


@pytest.mark.parametrize(("url", "key"), [(GROQ, "reasoning"), (VLLM, "reasoning_content")])
def test_reasoning_has_the_key_of_the_provider(url: str, key: str) -> None:
    """Whole and streamed."""
    message = whole(render(url, CHAT, THOUGHT))["choices"][0]["message"]

    assert (message[key], message["content"]) == ("Hmm", "Hi")
    assert [one.get(key) for one in deltas(url, *THOUGHT.lines)] == [None, "Hm", "m", None, None]


def test_openai_hides_reasoning() -> None:
    """Its time passes all the same: the text is of the second line."""
    url = f"{OPENAI}/chat/completions"

    message = whole(render(url, CHAT, THOUGHT))["choices"][0]["message"]
    pieces = render(url, STREAMED, THOUGHT).pieces

    assert "Hm" not in str(message)
    assert [piece.line for piece in pieces] == [0, 1, 1, 1]


@pytest.mark.parametrize("url", [MISTRAL, VERTEX])
def test_mistral_thinks_in_the_content_and_calls_whole(url: str) -> None:
    """On Vertex too."""
    told = deltas(url, ThinkingLine(("Hm",)), ToolLine("f", ("{", "}")))

    assert told[1]["content"][0]["thinking"] == [{"type": "text", "text": "Hm"}]
    assert [call["function"]["arguments"] for call in told[2]["tool_calls"]] == ["{}"]
    assert len(told) == 4


def test_thoughts_of_mistral_need_no_text() -> None:
    """They are a part by themselves."""
    reply = Reply(lines=(ThinkingLine(("Hm",)),), usage=Usage(1, 2))

    message = whole(render(MISTRAL, CHAT, reply))["choices"][0]["message"]

    assert [part["type"] for part in message["content"]] == ["thinking"]


def test_a_stream_on_azure_begins_with_the_content_filter() -> None:
    """In a chunk without choices, which applications there must stand."""
    first, *_ = events(render(AZURE, STREAMED, THOUGHT))

    assert (first["choices"], "prompt_filter_results" in first) == ([], True)


def test_completions_tell_usage_apart_where_it_is_asked_for() -> None:
    """Otherwise with the reason."""
    url, body = f"{OPENAI}/completions", {"model": "m", "prompt": "x", "stream": True}

    *_, finish, usage, _ = events(
        render(url, {**body, "stream_options": {"include_usage": True}}, THOUGHT)
    )
    *_, last, _ = events(render(url, body, THOUGHT))

    assert (finish["usage"], usage["choices"], usage["usage"]["total_tokens"]) == (None, [], 3)
    assert (last["choices"][0]["finish_reason"], last["usage"]["total_tokens"]) == ("stop", 3)


def test_a_response_echoes_what_was_asked() -> None:
    """Over the usual settings."""
    body = {
        "model": "m",
        "input": "x",
        "temperature": 0.2,
        "reasoning": {"effort": "low"},
        "text": 7,
    }

    answer = whole(render(f"{OPENAI}/responses", body, THOUGHT))

    assert (answer["temperature"], answer["top_p"]) == (0.2, 1.0)
    assert answer["reasoning"] == {"effort": "low", "summary": None}
    assert answer["text"] == {"format": {"type": "text"}, "verbosity": "medium"}


def test_a_response_in_the_making_holds_nothing_yet() -> None:
    """No output, no usage."""
    body = {"model": "m", "input": "x", "stream": True}

    created, *_, completed = events(render(f"{OPENAI}/responses", body, THOUGHT))

    assert (created["response"]["output"], created["response"]["usage"]) == ([], None)
    assert len(completed["response"]["output"]) == 2
