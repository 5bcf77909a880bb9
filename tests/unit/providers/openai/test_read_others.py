"""OpenAI's completions, embeddings and Responses."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.providers.sample_bodies import exchange, sse

from understudy import read_exchange
from understudy.calls import Operation, ToolCall, Usage
from understudy.providers.openai import OpenAICompletions, OpenAIEmbeddings, OpenAIResponses

V1 = "https://api.openai.com/v1"
USAGE = {"prompt_tokens": 2, "completion_tokens": 3, "total_tokens": 5}


def test_a_completion_is_read() -> None:
    """Its text is a field of the choice."""
    answer = {"model": "m", "choices": [{"text": "a", "finish_reason": "stop"}], "usage": USAGE}

    read = exchange(f"{V1}/completions", answer, asked={"model": "m"})

    assert (read.wire_api, read.operation) == ("openai.completions", Operation.TEXT_COMPLETION)
    assert (read.text, read.finish_reason, read.usage) == ("a", "stop", Usage(2, 3))


def test_a_stored_prompt_answers_with_a_message() -> None:
    """Portkey's prompts end in /completions too."""
    answer = {"choices": [{"message": {"content": "a"}, "finish_reason": "stop"}]}

    read = exchange("https://api.portkey.ai/v1/prompts/p/completions", answer)

    assert (read.wire_api, read.text) == ("openai.completions", "a")


def test_a_stream_of_completions_is_put_together() -> None:
    """Of the first choice."""
    body = sse(
        {"id": "c", "choices": [{"index": 0, "text": "a"}, {"index": 1, "text": "z"}]},
        {"choices": [{"index": 0, "text": "b", "finish_reason": "length"}]},
        {"choices": [], "usage": USAGE},
        done=True,
    )

    read = exchange(f"{V1}/completions", body)

    assert (read.text, read.finish_reason, read.usage) == ("ab", "length", Usage(2, 3))


def test_writers_stream_holds_values() -> None:
    """And nothing else."""
    read = exchange("https://api.writer.com/v1/completions", sse({"value": "a"}, {"value": "b"}))

    assert (read.text, read.provider, read.stream) == ("ab", "writer", True)


def test_a_compaction_is_a_call_whose_echo_is_no_text() -> None:
    """It repeats what the user said, and bills the whole conversation."""
    said = [{"type": "input_text", "text": "What is 2+2?"}]
    answer = {
        "object": "response.compaction",
        "output": [{"type": "message", "role": "user", "content": said}, {"type": "compaction"}],
        "usage": {"input_tokens": 192_000, "output_tokens": 438, "total_tokens": 192_438},
    }

    read = exchange(f"{V1}/responses/compact", answer, asked={"model": "gpt-5.1", "input": []})

    assert (read.operation, read.text, read.request_model) == (Operation.CHAT, None, "gpt-5.1")
    assert read.usage == Usage(192_000, 438)


SEARCHED = [
    {"type": "web_search_call", "action": {"type": "search", "query": "a"}},
    {"type": "web_search_call", "action": {"type": "open_page", "url": "https://a"}},
    {"type": "web_search_call"},
    {"type": "file_search_call"},
    {"type": "mcp_call"},
]


@pytest.mark.parametrize("streamed", [False, True])
def test_tools_that_cost_beside_the_tokens_are_told(*, streamed: bool) -> None:
    """In the raw block, where the price finds them; opening a page is no search."""
    usage = {"input_tokens": 2, "output_tokens": 3, "total_tokens": 5}
    response = {"object": "response", "output": SEARCHED, "usage": usage}
    body = sse({"type": "response.completed", "response": response}) if streamed else response

    read = exchange(f"{V1}/responses", body)

    assert read.usage_raw == {**usage, "server_tools": {"web_search": 2, "file_search": 1}}
    assert read.usage == Usage(2, 3)


@pytest.mark.parametrize(("billed", "tools"), [(1, {"web_search": 1}), (0, None)])
def test_searches_that_openai_counts_itself_are_those(
    billed: int, tools: dict[str, int] | None
) -> None:
    """Some are not billed."""
    response = {"output": SEARCHED[:1], "usage": {"input_tokens": 2, "output_tokens": 3}}
    response["tool_usage"] = {"web_search": {"num_requests": billed}}

    read = exchange(f"{V1}/responses", response)

    assert read.usage_raw is not None
    assert read.usage_raw.get("server_tools") == tools


@pytest.mark.parametrize(
    ("event", "is_content"),
    [
        ({"choices": [{"text": "a"}]}, True),
        ({"choices": [{"delta": {"content": "a"}}]}, True),
        ({"value": "a"}, True),
        ({"choices": [{"text": ""}]}, False),
    ],
)
def test_content_of_completions_is_text(event: dict[str, Any], is_content: bool) -> None:  # noqa: FBT001
    """In any of its places."""
    assert OpenAICompletions().has_content(event) is is_content


@pytest.mark.parametrize(
    ("path", "key"), [("completions", "prompt"), ("embeddings", "input"), ("responses", "input")]
)
def test_on_a_strangers_host_the_body_must_speak_of_a_model(path: str, key: str) -> None:
    """An application's own /surveys/1/responses is no call to a model."""
    survey = f"http://testserver/api/surveys/1/{path}"
    v1 = f"http://testserver/v1/{path}"

    assert exchange(survey, {}, asked={key: "a"}).operation is None
    assert exchange(survey, {}, asked={"model": "m"}).operation is not None
    assert exchange(v1, {}, asked={"answers": [1]}).operation is None
    assert exchange(v1, {}, asked={key: "a"}).operation is not None


def test_embeddings_are_input_alone() -> None:
    """They have no output, no text and no stream."""
    answer = {"model": "e-1", "usage": {"prompt_tokens": 8, "total_tokens": 8}, "data": []}

    read = exchange(f"{V1}/embeddings", answer, asked={"model": "e"})

    assert (read.operation, read.usage, read.text) == (Operation.EMBEDDINGS, Usage(8), None)
    assert (read.request_model, read.response_model, read.stream) == ("e", "e-1", False)
    assert not OpenAIEmbeddings().has_content(answer)


RESPONSE = {
    "id": "r1",
    "model": "gpt-5-2025",
    "status": "completed",
    "service_tier": "default",
    "error": None,
    "incomplete_details": None,
    "output": [
        {"type": "reasoning", "summary": []},
        {"type": "message", "content": [{"type": "output_text", "text": "A"}, {"refusal": "B"}]},
        {"type": "function_call", "id": "f", "call_id": "c", "name": "now", "arguments": "{}"},
    ],
    "usage": {
        "input_tokens": 7,
        "output_tokens": 9,
        "total_tokens": 16,
        "input_tokens_details": {"cached_tokens": 1},
        "output_tokens_details": {"reasoning_tokens": 5},
    },
}
R_USAGE = Usage(7, 9, 1, reasoning_tokens=5)


def test_a_response_is_read() -> None:
    """Text of its messages, calls of its functions."""
    read = exchange(f"{V1}/responses", RESPONSE, asked={"model": "gpt-5"})

    assert (read.text, read.tool_calls) == ("AB", (ToolCall("now", "{}", "c"),))
    assert (read.usage, read.response_id, read.service_tier) == (R_USAGE, "r1", "default")
    assert (read.finish_reason, read.error) == (None, None)


def test_a_stream_of_a_response_ends_with_the_whole_of_it() -> None:
    """Text comes from its deltas."""
    body = sse(
        {"type": "response.created", "response": {"id": "r1", "model": "gpt-5-2025"}},
        {"type": "response.in_progress", "response": {"id": "r1"}},
        *[{"type": "response.output_text.delta", "delta": "x"}] * 4,
        {"type": "response.output_item.done", "item": RESPONSE["output"][2]},  # type: ignore[index]
        {"type": "response.completed", "response": RESPONSE},
    )

    read = exchange(f"{V1}/responses", body, asked={"model": "gpt-5", "stream": True})

    assert (read.text, read.tool_calls) == ("xxxx", (ToolCall("now", "{}", "c"),))
    assert (read.usage, read.complete, read.response_model) == (R_USAGE, True, "gpt-5-2025")


def test_a_stream_without_deltas_is_read_from_its_end() -> None:
    """Some servers send the whole response alone, or only their tool calls with it."""
    end = {"type": "response.completed", "response": RESPONSE}
    said = {"type": "response.output_text.delta", "delta": "x"}

    reads = [exchange(f"{V1}/responses", sse(*events)) for events in ([end], [said, end])]

    assert [read.text for read in reads] == ["AB", "x"]
    assert {read.tool_calls for read in reads} == {(ToolCall("now", "{}", "c"),)}


def test_an_incomplete_response_says_why() -> None:
    """That is its only finish reason."""
    cut = {**RESPONSE, "incomplete_details": {"reason": "max_output_tokens"}}

    read = exchange(f"{V1}/responses", sse({"type": "response.incomplete", "response": cut}))

    assert (read.finish_reason, read.complete) == ("max_output_tokens", True)


def test_a_failed_response_tells_its_error() -> None:
    """In the response, though the status is 200."""
    failed = {"id": "r", "error": {"code": "server_error", "message": "sorry"}}

    read = exchange(f"{V1}/responses", sse({"type": "response.failed", "response": failed}))

    assert (read.status, read.error_type, read.error) == (200, "server_error", "sorry")


@pytest.mark.parametrize(
    ("event", "is_content"),
    [
        ({"type": "response.created"}, False),
        ({"type": "response.output_text.delta", "delta": "a"}, True),
        ({"type": "response.function_call_arguments.delta", "delta": "{"}, True),
        ({"type": "response.reasoning_summary_text.delta", "delta": "a"}, True),
        ({"type": "response.output_text.delta", "delta": ""}, False),
        ({"type": ["x"]}, False),
    ],
)
def test_content_of_responses_is_a_delta(event: dict[str, Any], is_content: bool) -> None:  # noqa: FBT001
    """That is not empty."""
    assert OpenAIResponses().has_content(event) is is_content


def test_a_polled_response_is_read_but_is_no_call() -> None:
    """A GET asks no model."""
    read = read_exchange(method="get", url=f"{V1}/responses/r1", status=200, response_body="{}")

    assert (read.wire_api, read.operation) == ("openai.responses", None)
