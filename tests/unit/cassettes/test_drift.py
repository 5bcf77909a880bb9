"""A live answer is compared with the recorded one, apart from its words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from understudy.cassettes import RecordedRequest, RecordedResponse
from understudy.cassettes.drift import drifts, shape_of
from understudy.providers import default_apis

REQUEST = RecordedRequest(
    method="POST",
    url="https://api.openai.com/v1/chat/completions",
    body=b'{"model": "gpt-4o", "messages": []}',
)


def answer(text: str = "Hi", status: int = 200, **changes: Any) -> RecordedResponse:
    """Return an answer of a chat."""
    told = {
        "model": "gpt-4o-2024",
        "choices": [{"message": {"content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": len(text)},
        **changes,
    }
    headers = (("Content-Type", "application/json"),)
    return RecordedResponse(
        status=status, headers=headers, body=json.dumps(told, indent=1).encode()
    )


def test_other_words_are_no_drift() -> None:
    """Nor another length."""
    assert drifts(REQUEST, answer("Hi"), answer("Hello, world"), default_apis()) == []


@pytest.mark.parametrize(
    ("live", "said"),
    [
        (answer(model="gpt-4o-2025"), "model: gpt-4o-2024 -> gpt-4o-2025"),
        (answer(usage={"prompt_tokens": 4, "completion_tokens": 1}), "input tokens: 3 -> 4"),
        (answer(note="x"), "shape: nothing gone -> new note: text"),
        (answer(usage=None), "input tokens: 3 -> unknown"),
    ],
)
def test_a_drift_is_told(live: RecordedResponse, said: str) -> None:
    """What it was and what it is."""
    found = drifts(REQUEST, answer(), live, default_apis())

    assert said in [str(each) for each in found]


def test_an_error_is_a_drift_of_the_status() -> None:
    """Its shape is not compared: it is another thing."""
    found = drifts(REQUEST, answer(), answer(status=500), default_apis())

    assert [each.what for each in found] == ["status"]


def test_many_fields_are_cut() -> None:
    """Five are enough to know where to look."""
    fields: dict[str, Any] = {f"field_{n}": n for n in range(9)}
    live = answer(**fields)

    (found,) = drifts(REQUEST, answer(), live, default_apis())

    assert found.live.endswith("and 4 more")


def test_the_shape_of_a_stream_is_that_of_all_its_events() -> None:
    """However many there are; what is null has none."""
    events = (
        b'data: {"a": [{"b": 1}], "c": null}\n\ndata: {"d": true, "c": "x"}\n\ndata: [DONE]\n\n'
    )

    shape = shape_of(RecordedResponse(status=200, body=events))

    assert shape == {"a[].b: number", "c: text", "d: true or false"}


@pytest.mark.parametrize("body", [b"", b"plain text", b"\xff"])
def test_what_is_no_json_has_no_shape(body: bytes) -> None:
    """Nothing raises."""
    assert shape_of(RecordedResponse(status=200, body=body)) == frozenset()
