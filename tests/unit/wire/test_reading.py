"""Errors that providers tell."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.providers.sample_bodies import OPENAI_CHAT, exchange, sse


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (
            {"error": {"type": "invalid_request", "code": "x", "message": "m"}},
            "invalid_request",
            "m",
        ),
        (
            {"type": "error", "error": {"type": "not_found_error", "message": "m"}},
            "not_found_error",
            "m",
        ),
        ({"error": {"code": 404, "status": "NOT_FOUND", "message": "m"}}, "NOT_FOUND", "m"),
        ({"error": {"code": "DeploymentNotFound", "message": "m"}}, "DeploymentNotFound", "m"),
        ({"error": {"code": 429, "message": "m"}}, "429", "m"),
        ({"error": {"error": {"type": "nested", "message": "m"}}}, "nested", "m"),
        ({"error": [{"type": "listed", "message": "m"}]}, "listed", "m"),
        ({"error": "m", "error_type": "validation"}, "validation", "m"),
        ({"message": "m"}, None, "m"),
        ({"__type": "ThrottlingException", "Message": "m"}, "ThrottlingException", "m"),
        ({"detail": [{"loc": ["body"]}]}, None, "[{'loc': ['body']}]"),
        ({"error": {}}, None, None),
        ({}, None, None),
    ],
)
def test_errors_come_in_many_shapes(answer: Any, kind: str | None, message: str | None) -> None:
    """The most telling word, and the provider's message."""
    read = exchange(OPENAI_CHAT, answer, status=400)

    assert (read.error_type, read.error) == (kind, message)


def test_an_error_may_come_with_status_200() -> None:
    """OpenRouter answers so; a stream can do no other."""
    error = {"error": {"code": 502, "message": "upstream"}}

    assert exchange(OPENAI_CHAT, error).error == "upstream"
    assert exchange(OPENAI_CHAT, sse({"choices": []}, {"choices": []}, error)).error == "upstream"


def test_a_good_answer_has_no_error() -> None:
    """Its message is none."""
    read = exchange("https://api.cohere.com/v2/chat", {"message": {"content": []}})

    assert (read.error_type, read.error) == (None, None)


def test_half_characters_become_question_marks() -> None:
    """They could not be stored."""
    read = exchange(OPENAI_CHAT, b'{"error": "a\\ud83d"}', status=500)

    assert read.error == "a?"
