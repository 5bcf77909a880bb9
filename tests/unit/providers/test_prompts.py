"""What a request says to the model is read alike from every wire API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.providers.sample_bodies import URLS

from understudy.calls import Prompt, Request
from understudy.providers import default_apis

APIS = default_apis()
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}
ARGUMENTS = '{"city": "Paris"}'

#: One conversation in the words of each API: a system text, a question, a tool call, its result.
CONVERSATIONS: dict[str, dict[str, Any]] = {
    "openai.chat": {
        "messages": [
            {"role": "developer", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "Weather?"}]},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {"id": "c1", "function": {"name": "weather", "arguments": ARGUMENTS}}
                ],
            },
            {"role": "tool", "tool_call_id": "c1", "content": "Sunny"},
        ],
        "tools": [{"type": "function", "function": {"name": "weather", "parameters": SCHEMA}}],
    },
    "openai.responses": {
        "instructions": "Be brief.",
        "input": [
            {"role": "user", "content": [{"type": "input_text", "text": "Weather?"}]},
            {"type": "reasoning", "summary": []},
            {
                "type": "function_call",
                "call_id": "c1",
                "name": "weather",
                "arguments": ARGUMENTS,
            },
            {"type": "function_call_output", "call_id": "c1", "output": "Sunny"},
        ],
        "tools": [{"type": "function", "name": "weather", "parameters": SCHEMA}],
    },
    "anthropic.messages": {
        "system": [{"type": "text", "text": "Be brief."}],
        "messages": [
            {"role": "user", "content": "Weather?"},
            {
                "role": "assistant",
                "content": [
                    {"type": "tool_use", "id": "c1", "name": "weather", "input": {"city": "Paris"}}
                ],
            },
            {
                "role": "user",
                "content": [
                    {
                        "type": "tool_result",
                        "tool_use_id": "c1",
                        "content": [{"type": "text", "text": "Sunny"}],
                    }
                ],
            },
        ],
        "tools": [{"name": "weather", "input_schema": SCHEMA}],
    },
    "google.generateContent": {
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "contents": [
            {"role": "user", "parts": [{"text": "Weather?"}]},
            {
                "role": "model",
                "parts": [
                    {"functionCall": {"id": "c1", "name": "weather", "args": {"city": "Paris"}}}
                ],
            },
            {
                "role": "user",
                "parts": [
                    {"functionResponse": {"id": "c1", "name": "weather", "response": "Sunny"}}
                ],
            },
        ],
        "tools": [{"functionDeclarations": [{"name": "weather", "parameters": SCHEMA}]}],
    },
    "google.interactions": {
        "system_instruction": "Be brief.",
        "input": [
            {"type": "user_input", "content": [{"type": "text", "text": "Weather?"}]},
            {"type": "thought", "signature": "s"},
            {
                "type": "function_call",
                "id": "c1",
                "name": "weather",
                "arguments": {"city": "Paris"},
            },
            {
                "type": "function_result",
                "call_id": "c1",
                "result": [{"type": "text", "text": "Sunny"}],
            },
        ],
        "tools": [{"type": "function", "name": "weather", "parameters": SCHEMA}],
    },
    "bedrock.converse": {
        "system": [{"text": "Be brief."}],
        "messages": [
            {"role": "user", "content": [{"text": "Weather?"}]},
            {
                "role": "assistant",
                "content": [
                    {
                        "toolUse": {
                            "toolUseId": "c1",
                            "name": "weather",
                            "input": {"city": "Paris"},
                        }
                    }
                ],
            },
            {
                "role": "user",
                "content": [{"toolResult": {"toolUseId": "c1", "content": [{"text": "Sunny"}]}}],
            },
        ],
        "toolConfig": {
            "tools": [{"toolSpec": {"name": "weather", "inputSchema": {"json": SCHEMA}}}]
        },
    },
}


def prompt_of(wire_api: str, body: object) -> Prompt:
    return read_prompt(wire_api, json.dumps(body).encode())


def read_prompt(wire_api: str, body: bytes) -> Prompt:
    recognised = APIS.recognise(Request("POST", URLS[wire_api], {}, body))
    assert recognised is not None
    return recognised.prompt(recognised.question(Request("POST", URLS[wire_api], {}, body)))


@pytest.mark.parametrize("wire_api", CONVERSATIONS)
def test_one_conversation_reads_alike_everywhere(wire_api: str) -> None:
    """The same words are said in every dialect."""
    prompt = prompt_of(wire_api, CONVERSATIONS[wire_api])

    assert prompt.system_text == "Be brief."
    assert prompt.user_text == "Weather?"
    assert [call.name for each in prompt.messages for call in each.tool_calls] == ["weather"]
    assert [(result.text, result.call_id) for result in prompt.tool_results] == [("Sunny", "c1")]
    assert [(tool.name, tool.schema) for tool in prompt.tools] == [("weather", SCHEMA)]
    assert prompt.turn == 2


@pytest.mark.parametrize("wire_api", CONVERSATIONS)
def test_results_of_an_earlier_turn_are_not_the_current_ones(wire_api: str) -> None:
    """Once the user speaks again, old tool results are history."""
    later = {
        "openai.responses": ("input", {"role": "user", "content": "And tomorrow?"}),
        "google.generateContent": (
            "contents",
            {"role": "user", "parts": [{"text": "And tomorrow?"}]},
        ),
        "google.interactions": ("input", {"role": "user", "content": "And tomorrow?"}),
        "bedrock.converse": ("messages", {"role": "user", "content": [{"text": "And tomorrow?"}]}),
    }
    field, words = later.get(wire_api, ("messages", {"role": "user", "content": "And tomorrow?"}))
    body = dict(CONVERSATIONS[wire_api])
    body[field] = [*body[field], words]

    prompt = prompt_of(wire_api, body)

    assert prompt.user_text == "And tomorrow?"
    assert prompt.tool_results == ()


def test_the_first_chat_of_cohere_has_its_own_words() -> None:
    """History, message and results stand in fields of their own."""
    prompt = prompt_of(
        "cohere.chat.v1",
        {
            "preamble": "Be brief.",
            "chat_history": [{"role": "CHATBOT", "message": "Hello"}],
            "message": "Weather?",
            "tool_results": [{"call": {"name": "weather"}, "outputs": [{"sky": "Sunny"}]}],
            "tools": [{"name": "weather", "parameter_definitions": {"city": {"type": "str"}}}],
        },
    )

    assert [each.role for each in prompt.messages] == ["system", "assistant", "user", "tool"]
    assert prompt.tool_results[0].name == "weather"
    assert "Sunny" in prompt.tool_results[0].text
    assert prompt.tools[0].name == "weather"


@pytest.mark.parametrize(
    ("wire_api", "body"),
    [
        ("openai.completions", {"prompt": "Weather?"}),
        ("openai.embeddings", {"input": "Weather?"}),
        ("openai.responses", {"input": "Weather?"}),
        ("google.interactions", {"input": "Weather?"}),
        ("google.interactions", {"input": {"type": "text", "text": "Weather?"}}),
        ("google.interactions", {"input": [{"type": "text", "text": "Weather?"}]}),
        ("ollama.generate", {"prompt": "Weather?", "system": "Be brief."}),
        ("bedrock.invoke", {"inputText": "Weather?"}),
        ("bedrock.invoke", {"messages": [{"role": "user", "content": "Weather?"}]}),
        (
            "bedrock.invoke",
            {"anthropic_version": "b", "messages": [{"role": "user", "content": "Weather?"}]},
        ),
    ],
)
def test_a_plain_text_is_what_the_user_said(wire_api: str, body: dict[str, Any]) -> None:
    """APIs without a conversation have one message."""
    assert prompt_of(wire_api, body).user_text == "Weather?"


@pytest.mark.parametrize(
    ("wire_api", "body"),
    [
        ("openai.chat", {"response_format": {"json_schema": {"schema": SCHEMA}}}),
        ("openai.responses", {"text": {"format": {"schema": SCHEMA}}}),
        ("cohere.chat.v2", {"response_format": {"type": "json_object", "json_schema": SCHEMA}}),
        ("cohere.chat.v2", {"response_format": {"type": "json_object", "schema": SCHEMA}}),
        ("ollama.chat", {"format": SCHEMA}),
        ("anthropic.messages", {"output_config": {"format": {"schema": SCHEMA}}}),
        ("google.generateContent", {"generationConfig": {"responseJsonSchema": SCHEMA}}),
    ],
)
def test_the_schema_of_the_answer_is_read(wire_api: str, body: dict[str, Any]) -> None:
    """Structured output asks for a schema."""
    assert prompt_of(wire_api, body).schema == SCHEMA


@given(
    wire_api=st.sampled_from([*CONVERSATIONS, "cohere.chat.v1", "ollama.chat", "google.embed"]),
    body=st.binary()
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["messages", "content", "role", "input", "parts", "tools", "type"]),
                inner,
                max_size=3,
            )
        ),
    ).map(lambda value: json.dumps(value).encode()),
)
def test_no_body_whatever_raises(wire_api: str, body: bytes) -> None:
    """An application may send anything."""
    assert isinstance(read_prompt(wire_api, body), Prompt)


def test_ollama_may_want_any_json() -> None:
    """The word is no schema."""
    assert prompt_of("ollama.chat", {"format": "json"}).schema is None


def test_parallel_tool_calls_are_one_answer() -> None:
    """Responses tells each of them in an item of its own."""
    calls = [{"type": "function_call", "call_id": name, "name": name} for name in "ab"]
    results = [{"type": "function_call_output", "call_id": name, "output": "1"} for name in "ab"]
    said = [{"role": "user", "content": "?"}, *calls, *results]

    assert prompt_of("openai.responses", {"input": said}).turn == 2
    assert prompt_of("openai.responses", {"input": [*said, *calls, *results]}).turn == 3
