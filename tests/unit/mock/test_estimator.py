"""Token counts without a tokenizer."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.mock.stage import EMBEDDINGS, RESPONSES, Stage, request

from understudy.mock._estimator import count_input, count_tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("Hello", 1),
        ("Hello, world", 3),
        ("internationalisation", 2),
        ("12345", 2),
        ("東京", 2),
        ("Привет", 2),
        ("a\n\nb", 3),
        ("    x", 2),
        ('{"a":1}', 5),
        ("é", 1),
        ("\x00", 1),
    ],
)
def test_tokens_are_estimated(text: str, tokens: int) -> None:
    """The same on every machine; the figures are part of what tests compare."""
    assert count_tokens(text) == tokens


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_count_grows_with_the_text(one: str, other: str) -> None:
    """Two lines are no less than each, and no more than both and what stands between."""
    both = count_tokens(f"{one}\n{other}")

    assert max(count_tokens(one), count_tokens(other)) <= both
    assert both <= count_tokens(one) + count_tokens(other) + 1


@given(st.text(min_size=1, max_size=200))
def test_a_text_is_at_least_a_token_and_at_most_its_characters(text: str) -> None:
    """But for spaces, which belong to what follows."""
    assert (0 if not text.strip() else 1) <= count_tokens(text) <= len(text)


@pytest.mark.parametrize(
    ("body", "tokens"),
    [
        ({}, 3),
        ({"model": "gpt-5", "temperature": 1}, 3),
        ({"messages": [{"role": "user", "content": "one two"}]}, 9),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": "one two"}]}]}, 9),
        ({"system": "one", "messages": []}, 4),
        ({"contents": [{"parts": [{"text": "one"}, {"inlineData": {"data": "a b c"}}]}]}, 8),
        ({"input": ["one", "two"]}, 13),
        ({"prompt": "one two three"}, 6),
        ({"messages": [{"content": [{"image_url": {"url": "https://a.b/c"}}]}]}, 7),
        ({"tools": [{"name": "get"}]}, 11),
        ({"prompt": 3}, 3),
    ],
)
def test_a_request_is_counted_by_what_it_says(body: Any, tokens: int) -> None:
    """Over all wire APIs; pictures, ids and settings are not text."""
    assert count_input(body) == tokens


def test_a_remembered_conversation_is_part_of_the_next_call(stage: Stage) -> None:
    """OpenAI's Responses: rules see it, and it is counted."""
    stage.mock.replies(["Hi, Ann.", lambda call: call.messages[0].text])

    first = stage.play(request(url=RESPONSES, input="I am Ann.", messages=[]))[0]
    second = stage.play(
        request(
            url=RESPONSES, input="Who am I?", messages=[], previous_response_id=first.response_id
        )
    )[0]

    assert second.text == "I am Ann."
    assert stage.mock.calls[1].turn == 2
    assert first.usage is not None
    assert second.usage is not None
    assert (second.usage.input_tokens or 0) > (first.usage.input_tokens or 0) + 4


def test_a_remembered_tool_call_names_the_tool_of_its_result(stage: Stage) -> None:
    """The request holds the result alone."""
    stage.mock.on(tool_result="get_time").reply("It is noon.")
    stage.mock.reply("Let me see.", tool_calls=["get_weather", "get_time"])
    first = stage.play(request(url=RESPONSES, input="When?", messages=[]))[0]
    output = {"type": "function_call_output", "call_id": first.tool_calls[1].id, "output": "12"}

    second = stage.play(
        request(url=RESPONSES, input=[output], messages=[], previous_response_id=first.response_id)
    )[0]

    assert second.text == "It is noon."


def test_embeddings_have_input_tokens_alone(stage: Stage) -> None:
    """They are answered without a rule."""
    exchange = stage.read(url=EMBEDDINGS, input=["one two", "three"])

    assert exchange.usage is not None
    assert exchange.usage.input_tokens
    assert not exchange.usage.output_tokens
