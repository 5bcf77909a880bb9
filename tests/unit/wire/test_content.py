"""Tool calls put together from their pieces."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.providers.sample_bodies import URLS, converse_stream, exchange, sse

from understudy.calls import ToolCall
from understudy.wire import Content

F, G = '{"x":1}', '{"y":2}'


def piece(key: Any, name: str | None, arguments: str | None, call_id: str | None) -> dict[str, Any]:
    """Return a piece of a tool call."""
    return {"key": key, "name": name, "arguments": arguments, "call_id": call_id}


@pytest.mark.parametrize(
    ("pieces", "calls"),
    [
        (
            [piece(0, "f", F, "a"), piece(0, "g", G, "b")],
            [("f", F, "a"), ("g", G, "b")],
        ),
        (
            [
                piece(0, "f", "", "a"),
                piece(0, None, F, ""),
                piece(0, "f", "", "b"),
                piece(0, None, G, ""),
            ],
            [("f", F, "a"), ("f", G, "b")],
        ),
        (
            [
                piece(0, "f", "", "0"),
                piece(0, None, F, "0"),
                piece(0, "g", "", "1"),
                piece(0, None, G, "1"),
            ],
            [("f", F, "0"), ("g", G, "1")],
        ),
        (
            [piece(0, "f", '{"x"', "a"), piece(0, None, ":1}", "b")],
            [("f", F, "a")],
        ),
        (
            [
                piece(0, "f", "", "a"),
                piece(0, "g", "", "b"),
                piece(0, None, F, "a"),
                piece(0, None, G, "b"),
            ],
            [("f", F, "a"), ("g", G, "b")],
        ),
        (
            [piece(0, "f", "", "a"), piece(1, "g", "", "b"), piece(0, None, F, None)],
            [("f", F, "a"), ("g", "", "b")],
        ),
        (
            [piece(0, "f", '{"x":', "a"), piece(5, None, "1}", "a")],
            [("f", F, "a")],
        ),
        (
            [piece(0, "f", F, ""), piece(0, "g", G, "")],
            [("f", F, None), ("g", G, None)],
        ),
        (
            [piece(0, "f", '{"x":', None), piece(0, "f", "1}", None), piece(0, "f", "", None)],
            [("f", F, None)],
        ),
        (
            [piece(0, "f", "", None), piece(0, None, F, "late")],
            [("f", F, "late")],
        ),
        ([piece(0, "", "", None), piece(1, None, "{}", None), piece(2, None, None, "a")], []),
    ],
    ids=[
        "Ollama: one place for all",
        "vLLM: no id in what follows",
        "SGLang: the id in each piece",
        "an id made up for each piece",
        "one place for all, by turns",
        "OpenAI: by place",
        "the place moves on",
        "no ids at all",
        "the name in each piece",
        "the id comes later",
        "nothing",
    ],
)
def test_a_new_id_begins_a_call_whatever_its_place(
    pieces: list[dict[str, Any]], calls: list[tuple[str, str, str | None]]
) -> None:
    """What has no new id is more of the call at its place; a call without a name is none."""
    content = Content()

    for one in pieces:
        content.add_tool(one.pop("key"), **one)

    assert list(content.tool_calls) == [ToolCall(*call) for call in calls]


def test_whole_calls_are_each_one_of_their_own() -> None:
    """Arguments that are text already stay as they are."""
    content = Content()

    content.add_call("f", {"x": 1}, "a")
    content.add_call("f", F, "a")

    assert content.tool_calls == (ToolCall("f", '{"x": 1}', "a"), ToolCall("f", F, "a"))


def test_arguments_may_be_an_object() -> None:
    """As gateways send them that answer for servers without streamed arguments."""
    content = Content()

    content.add_tool(0, name="f", arguments={"x": 1}, call_id="a")

    assert content.tool_calls == (ToolCall("f", '{"x": 1}', "a"),)


@pytest.mark.parametrize(("pieces", "arguments"), [([], '{"x": 1}'), ([F], F)])
def test_a_block_may_begin_with_its_whole_input(pieces: list[str], arguments: str) -> None:
    """Which counts where no delta brings any, as in Anthropic's SDK."""
    block = {"type": "tool_use", "id": "a", "name": "f", "input": {"x": 1}}
    deltas = [
        {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "input_json_delta", "partial_json": one},
        }
        for one in pieces
    ]
    begin = {"type": "content_block_start", "index": 0, "content_block": block}

    read = exchange(URLS["anthropic.messages"], sse(begin, *deltas), asked={"stream": True})

    assert read.tool_calls == (ToolCall("f", arguments, "a"),)


def _anthropic(call_id: str, name: str, arguments: str) -> list[dict[str, Any]]:
    block = {"type": "tool_use", "id": call_id, "name": name, "input": {}}
    delta = {"type": "input_json_delta", "partial_json": arguments}
    return [
        {"type": "content_block_start", "index": 0, "content_block": block},
        {"type": "content_block_delta", "index": 0, "delta": delta},
    ]


def _converse(call_id: str, name: str, arguments: str) -> list[dict[str, Any]]:
    use = {"toolUseId": call_id, "name": name}
    delta = {"toolUse": {"input": arguments}}
    return [
        {"contentBlockStart": {"contentBlockIndex": 0, "start": {"toolUse": use}}},
        {"contentBlockDelta": {"contentBlockIndex": 0, "delta": delta}},
    ]


def _interactions(call_id: str, name: str, arguments: str) -> list[dict[str, Any]]:
    step = {"type": "function_call", "id": call_id, "name": name}
    delta = {"type": "arguments_delta", "arguments": arguments}
    return [
        {"event_type": "step.start", "index": 0, "step": step},
        {"event_type": "step.delta", "index": 0, "delta": delta},
    ]


@pytest.mark.parametrize(
    ("api", "call", "framing"),
    [
        ("anthropic.messages", _anthropic, sse),
        ("bedrock.converse", _converse, converse_stream),
        ("google.interactions", _interactions, sse),
    ],
)
def test_a_block_that_begins_is_another_call(api: str, call: Any, framing: Any) -> None:
    """Also behind gateways that number every block 0, and without ids."""
    events = [*call("", "f", F), *call("", "f", G)]

    read = exchange(URLS[api], framing(*events), asked={"stream": True})

    assert read.tool_calls == (ToolCall("f", F), ToolCall("f", G))
