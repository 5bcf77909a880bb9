"""llama.cpp's own completions, read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.unit.providers.sample_bodies import exchange, sse

from understudy.calls import Request, Response, Usage
from understudy.providers import default_apis

URL = "http://127.0.0.1:8080"
ASKED = {"prompt": "the of", "n_predict": 4}
TIMINGS: dict[str, float] = {
    "cache_n": 11,
    "prompt_n": 1,
    "prompt_ms": 0.4,
    "predicted_n": 4,
    "predicted_ms": 0.3,
}
LAST = {
    "index": 0,
    "content": "",
    "stop": True,
    "model": "tiny.gguf",
    "tokens_predicted": 4,
    "tokens_evaluated": 12,
    "generation_settings": {"stop": []},
    "stop_type": "limit",
    "timings": TIMINGS,
}


def test_an_answer_is_read() -> None:
    """Tokens of the prompt include those of the cache."""
    read = exchange(f"{URL}/completion", {**LAST, "content": "k on"}, asked=ASKED)

    assert (read.text, read.finish_reason, read.response_model) == ("k on", "limit", "tiny.gguf")
    assert read.usage == Usage(12, 4, cache_read_tokens=11)
    assert read.usage_raw == {"tokens_evaluated": 12, "tokens_predicted": 4}
    assert (read.wire_api, read.operation) == ("llamacpp.completion", "text_completion")


def test_a_stream_is_put_together() -> None:
    """Counts within it are not those of the end."""
    pieces = [{"content": c, "stop": False, "tokens_predicted": 1} for c in "ABCDEF"]

    read = exchange(f"{URL}/completion", sse(*pieces, LAST), asked={**ASKED, "stream": True})
    cut = exchange(f"{URL}/completion", sse(*pieces), asked={**ASKED, "stream": True})

    assert (read.text, read.usage, read.complete) == (
        "ABCDEF",
        Usage(12, 4, cache_read_tokens=11),
        True,
    )
    assert (cut.text, cut.usage, cut.complete) == ("ABCDEF", None, False)


def test_several_prompts_are_counted_together() -> None:
    """In a list, or side by side in a stream."""
    asked = {**ASKED, "prompt": ["the of", "of the"]}
    answers = [{**LAST, "content": "A"}, {**LAST, "index": 1, "content": "B"}]

    listed = exchange(f"{URL}/completion", json.dumps(answers).encode(), asked=asked)
    streamed = exchange(f"{URL}/completion", sse(*answers), asked={**asked, "stream": True})

    assert (listed.text, listed.usage) == ("AB", Usage(24, 8, cache_read_tokens=22))
    assert (streamed.text, streamed.usage) == ("AB", Usage(24, 8, cache_read_tokens=22))


@pytest.mark.parametrize(
    ("path", "asked", "is_call"),
    [
        ("/completion", ASKED, True),
        ("/completions", ASKED, True),
        ("/infill", {"input_prefix": "a", "input_suffix": "b"}, True),
        ("/completion", {"prompt": "a"}, False),
        ("/infill", {"prompt": "a"}, False),
        ("/autocompletion", {"n_predict": 1}, False),
    ],
)
def test_it_is_told_by_words_of_its_own(
    path: str,
    asked: dict[str, Any],
    is_call: bool,  # noqa: FBT001
) -> None:
    """An application's own server may complete prompts, too."""
    read = exchange(f"{URL}{path}", LAST, asked=asked)

    assert (read.operation is not None) is is_call


def test_older_servers_say_otherwise_why_they_stopped() -> None:
    """And tell no tokens of the cache."""
    older = {"content": "a", "stop": True, "stopped_eos": True, "tokens_evaluated": 3}

    read = exchange(f"{URL}/completion", {**older, "tokens_predicted": 2}, asked=ASKED)

    assert (read.finish_reason, read.usage) == ("eos", Usage(3, 2))


def test_a_prompt_is_what_stands_around_the_hole() -> None:
    """And the schema that the answer must satisfy."""
    body = {"input_prefix": "a", "input_suffix": "c", "prompt": "b", "json_schema": {"type": "x"}}
    request = Request("POST", f"{URL}/infill", {}, json.dumps(body).encode())
    recognised = default_apis().recognise(request)
    assert recognised is not None

    prompt = recognised.prompt(recognised.question(request))

    assert (prompt.user_text, prompt.schema) == ("abc", {"type": "x"})


@pytest.mark.parametrize(
    ("url", "provider"),
    [
        ("http://127.0.0.1:8080", "llama.cpp"),
        ("http://localhost:49152", "llama.cpp"),
        ("http://10.0.0.5:8080", "10.0.0.5:8080"),
        ("http://localhost:11434", "ollama"),
    ],
)
def test_on_this_machine_it_names_itself(url: str, provider: str) -> None:
    """Elsewhere it may cost something, and whose port it is may be known."""
    headers = {"server": "llama.cpp"}
    read = exchange(f"{url}/v1/chat/completions", {"choices": []}, asked={}, headers=headers)

    assert read.provider == provider


def test_chat_without_usage_is_counted_by_the_timings() -> None:
    """In the chunk that ends a stream; a usage block of its own counts before them."""
    url = f"{URL}/v1/chat/completions"
    chunks = [{"choices": [{"index": 0, "delta": {"content": c}}]} for c in "ABCDEF"]
    last = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "timings": TIMINGS}
    usage = {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 6}}

    read = exchange(url, sse(*chunks, last, done=True), asked={"stream": True})
    told = exchange(url, sse(*chunks, last, usage, done=True), asked={"stream": True})

    assert read.usage == Usage(12, 4, cache_read_tokens=11)
    assert read.usage_raw == {"cache_n": 11, "prompt_n": 1, "predicted_n": 4}
    assert (told.usage, told.usage_raw) == (Usage(5, 6), usage["usage"])


def test_timings_with_each_token_count_at_the_end() -> None:
    """The later ones stand in the place of the earlier."""
    chunks: list[dict[str, Any]] = [
        {
            "choices": [{"index": 0, "delta": {"content": "a"}}],
            "timings": {**TIMINGS, "predicted_n": n, "predicted_ms": n / 10},
        }
        for n in range(1, 9)
    ]
    request = Request("POST", f"{URL}/v1/chat/completions", {}, b'{"stream": true}')
    recognised = default_apis().recognise(request)
    assert recognised is not None

    draft = recognised.skim(request, Response(200, {}, sse(*chunks, done=True)))

    assert draft.usage == Usage(12, 8, cache_read_tokens=11)
    assert draft.timings is not None
    assert draft.timings.decode_ms == 0.8
