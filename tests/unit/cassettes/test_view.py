"""A reviewer reads prompt, answer and figures; nothing that changes by itself."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import yaml

from understudy.cassettes import (
    Interaction,
    RecordedError,
    RecordedRequest,
    RecordedResponse,
)
from understudy.cassettes.view import LlmView
from understudy.providers import default_apis

URL = "https://api.openai.com/v1/chat/completions"


def recorded(
    messages: list[dict[str, Any]], answer: dict[str, Any], *, status: int = 200, **asked: Any
) -> Interaction:
    """Return a recorded chat."""
    question = {"model": "gpt-4o", "messages": messages, **asked}
    return Interaction(
        RecordedRequest(method="POST", url=URL, body=json.dumps(question).encode()),
        RecordedResponse(
            status=status,
            headers=(("Content-Type", "application/json"), ("X-A", "1"), ("x-a", "2")),
            body=json.dumps(answer).encode(),
        ),
    )


def answered(text: str | None, *, id_: str = "chatcmpl-1", **message: Any) -> dict[str, Any]:
    """Return an answer of a chat."""
    said = {"message": {"content": text, **message}, "finish_reason": "stop"}
    usage = {
        "prompt_tokens": 31,
        "completion_tokens": 12,
        "prompt_tokens_details": {"cached_tokens": 20},
        "completion_tokens_details": {"reasoning_tokens": 8},
    }
    return {
        "id": id_,
        "created": len(id_),
        "model": "gpt-4o-2024",
        "choices": [said],
        "usage": usage,
    }


VIEW = LlmView(default_apis())
ASKED = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi\nthere"}]


def test_what_was_asked_and_answered() -> None:
    """In the order in which it is read."""
    view = VIEW(recorded(ASKED, answered("Hello")))

    assert view is not None
    assert list(view.items()) == [
        ("model", "gpt-4o"),
        ("messages", [{"system": "Be brief."}, {"user": "Hi\nthere"}]),
        ("answer", "Hello"),
        ("usage", "31 in (20 cached), 12 out (8 reasoning)"),
        ("finish", "stop"),
    ]


def test_ids_and_moments_are_left_out() -> None:
    """A new recording of the same conversation has the same view."""
    first = VIEW(recorded(ASKED, answered("Hello", id_="chatcmpl-1")))
    second = VIEW(recorded(ASKED, answered("Hello", id_="chatcmpl-22")))

    assert first == second


def test_tools_their_calls_and_results() -> None:
    """By name; arguments as the model wrote them."""
    call = {"id": "call_1", "function": {"name": "weather", "arguments": '{"city": "Paris"}'}}
    messages: list[dict[str, Any]] = [
        *ASKED,
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": "sunny"},
    ]
    tools = [{"type": "function", "function": {"name": f"tool_{n}"}} for n in range(30)]

    view = VIEW(recorded(messages, answered(None, tool_calls=[call]), tools=tools))

    assert view is not None
    assert view["messages"][2:] == [
        {"assistant": 'calls weather({"city": "Paris"})'},
        {"tool": "sunny"},
    ]
    assert view["tool_calls"] == [{"weather": '{"city": "Paris"}'}]
    assert view["tools"][-1] == "10 more"
    assert "call_1" not in str(view)


def test_an_error_is_read() -> None:
    """Status, type and message."""
    error = {"error": {"message": "Slow down", "type": "rate_limit_error"}}

    view = VIEW(recorded(ASKED, error, status=429))

    assert view is not None
    assert view["error"] == "429 rate_limit_error Slow down"


def test_a_connection_that_broke_says_how() -> None:
    """Not the status that stands for it in the file."""
    broken = RecordedResponse(status=599, error=RecordedError(kind="read_timeout"))

    view = VIEW(replace(recorded(ASKED, {}), response=broken))

    assert view is not None
    assert view["error"] == "read_timeout"


def test_an_answer_that_was_given_up_says_so() -> None:
    """The words alone would not tell."""
    whole = recorded(ASKED, answered("Hel"))

    view = VIEW(replace(whole, response=replace(whole.response, complete=False)))

    assert view is not None
    assert view["complete"] is False


def test_a_view_is_short() -> None:
    """However long the conversation is; beginning and end are shown."""
    messages = [
        {"role": "user", "content": f"{n} " + "word " * 1000 + f"end {n}"} for n in range(99)
    ]

    view = VIEW(recorded(messages, answered("answer " * 9999)))

    assert view is not None
    assert len(yaml.safe_dump(view)) < 10_000
    assert [*view["messages"][2]] == ["..."]
    assert view["messages"][2]["..."] == "87 messages"
    assert view["messages"][-1]["user"].endswith("end 98")


def test_what_is_no_call_to_a_model_has_no_view() -> None:
    """A list of models, a file."""
    request = RecordedRequest(method="GET", url="https://api.openai.com/v1/models")

    assert VIEW(Interaction(request, RecordedResponse(status=200, body=b"{}"))) is None


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[]", b"null"])
def test_no_body_is_too_odd(body: bytes) -> None:
    """A recording is not lost because nobody can read it."""
    request = RecordedRequest(method="POST", url=URL, body=body)

    VIEW(Interaction(request, RecordedResponse(status=200, body=body)))


def test_a_poll_shows_the_answer_that_it_brings() -> None:
    """What was asked stands with the call; a poll that brings none shows nothing."""
    call = {"type": "function_call", "id": "f", "call_id": "c", "name": "now", "arguments": "{}"}
    usage = {"input_tokens": 7, "output_tokens": 3}
    answer = {"id": "r", "object": "response", "model": "gpt-5.1", "output": [call]}
    request = RecordedRequest(method="GET", url="https://api.openai.com/v1/responses/r", body=b"")

    def view(**said: Any) -> Any:
        body = json.dumps({**answer, **said}).encode()
        return VIEW(Interaction(request, RecordedResponse(status=200, headers=(), body=body)))

    assert view(usage=usage) == {
        "model": "gpt-5.1",
        "tool_calls": [{"now": "{}"}],
        "usage": "7 in, 3 out",
    }
    assert view(output=[], usage=None) is None
