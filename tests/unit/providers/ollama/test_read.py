"""Ollama's API, read."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.providers.sample_bodies import exchange, ndjson

from understudy.calls import ToolCall, Usage
from understudy.providers.ollama import OllamaChat, OllamaEmbed, OllamaGenerate

OLLAMA = "http://localhost:11434/api"


def test_an_ollama_chat_is_read() -> None:
    """The counts stand at the top; durations are kept."""
    call = {"function": {"name": "now", "arguments": {"a": 1}}}
    answer = {
        "model": "llama3",
        "message": {"content": "A", "tool_calls": [call]},
        "done": True,
        "done_reason": "stop",
        "prompt_eval_count": 3,
        "eval_count": 4,
        "eval_duration": 5,
    }

    read = exchange(f"{OLLAMA}/chat", answer, asked={"model": "llama3", "stream": False})

    assert (read.text, read.tool_calls) == ("A", (ToolCall("now", '{"a": 1}'),))
    assert (read.usage, read.finish_reason) == (Usage(3, 4), "stop")
    assert read.usage_raw == {"prompt_eval_count": 3, "eval_count": 4, "eval_duration": 5}


@pytest.mark.parametrize("method", ["chat", "generate"])
def test_an_ollama_stream_is_put_together(method: str) -> None:
    """The count of a cached prompt is missing: unknown."""
    lines = [{"model": "m", "message": {"content": c}, "response": c} for c in "ABCDEF"]
    body = ndjson(*lines, {"done": True, "done_reason": "length", "eval_count": 6})

    read = exchange(f"{OLLAMA}/{method}", body, asked={"model": "m"})

    assert (read.text, read.usage, read.finish_reason) == ("ABCDEF", Usage(None, 6), "length")
    assert (read.stream, read.complete, read.wire_api) == (True, True, f"ollama.{method}")


def test_ollamas_embeddings_have_two_paths() -> None:
    """The older one is named like OpenAI's."""
    newer = exchange(f"{OLLAMA}/embed", {"prompt_eval_count": 3}, asked={"model": "m"})
    older = exchange(f"{OLLAMA}/embeddings", {"embedding": []}, asked={"model": "m"})

    assert (newer.wire_api, newer.usage) == ("ollama.embed", Usage(3))
    assert (older.wire_api, older.provider, older.usage) == ("openai.embeddings", "ollama", None)
    assert not OllamaEmbed().has_content({})


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("chat", {"messages": []}),
        ("generate", {"prompt": ""}),
        ("embed", {"input": ""}),
    ],
)
def test_ollama_elsewhere_is_told_by_its_body(path: str, asked: dict[str, Any]) -> None:
    """An application's own /api/chat speaks of no model."""
    url = f"http://testserver/api/{path}"

    assert exchange(url, {}, asked=asked).operation is None
    assert exchange(url, {}, asked={**asked, "model": "m"}).operation is not None


def test_content_of_ollama_is_text_thoughts_or_tools() -> None:
    """Not an empty message."""
    assert OllamaChat().has_content({"message": {"thinking": "a"}})
    assert not OllamaChat().has_content({"message": {"content": ""}})
    assert OllamaGenerate().has_content({"response": "a"})
    assert not OllamaGenerate().has_content({"response": ""})


def test_cached_tokens_are_a_part_of_the_prompt() -> None:
    """Newer servers tell how many."""
    told = {"prompt_eval_count": 21, "prompt_eval_cached_count": 16, "eval_count": 3}

    read = exchange(f"{OLLAMA}/chat", {**told, "done": True}, asked={"stream": False})

    assert read.usage == Usage(21, 3, cache_read_tokens=16)
    assert read.usage_raw == told
