"""Conversations that the provider keeps: the mock sees all of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.mock.stage import ANTHROPIC, RESPONSES, Stage

from understudy.calls import Request

if TYPE_CHECKING:
    from collections.abc import Callable

COHERE = "https://api.cohere.com/v1/chat"
GOOGLE = "https://generativelanguage.googleapis.com/v1beta/interactions"
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}


@dataclass(frozen=True)
class Speaker:
    """How one API is asked: `settings` with every request, `opening` with the first alone.

    `joined` puts what was asked, the answer and what is asked now into one request, `going_on`
    returns what names the conversation, `resulting` the fields that bring a tool's result.
    """

    name: str
    url: str
    settings: dict[str, Any]
    said: Callable[[str], dict[str, Any]]
    resulting: Callable[[dict[str, Any]], dict[str, Any]]
    joined: Callable[[dict[str, Any], dict[str, Any], dict[str, Any]], dict[str, Any]]
    going_on: Callable[[dict[str, Any] | None], dict[str, Any]]
    opening: dict[str, Any]

    def __str__(self) -> str:
        return self.name


def _responses(name: str, going_on: Callable[[dict[str, Any] | None], dict[str, Any]]) -> Speaker:
    return Speaker(
        name,
        RESPONSES,
        {
            "model": "gpt-5",
            "instructions": "Be brief.",
            "tools": [{"type": "function", "name": "weather", "parameters": SCHEMA}],
        },
        said=lambda text: {"input": [{"role": "user", "content": text}]},
        resulting=lambda answer: {
            "input": [
                {
                    "type": "function_call_output",
                    "call_id": answer["output"][-1]["call_id"],
                    "output": "rain",
                }
            ]
        },
        joined=lambda before, answer, now: {
            "input": [*before["input"], *answer["output"], *now["input"]]
        },
        going_on=going_on,
        opening={},
    )


SPEAKERS = [
    _responses("previous", lambda last: {"previous_response_id": last["id"]} if last else {}),
    _responses("conversation", lambda _: {"conversation": "conv_1"}),
    _responses("conversation object", lambda _: {"conversation": {"id": "conv_1"}}),
    Speaker(
        "thread",
        ANTHROPIC,
        {"model": "claude-5", "max_tokens": 9},
        said=lambda text: {"messages": [{"role": "user", "content": text}]},
        resulting=lambda answer: {
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {
                            "type": "tool_result",
                            "tool_use_id": answer["content"][-1]["id"],
                            "content": "rain",
                        }
                    ],
                }
            ]
        },
        joined=lambda before, answer, now: {
            "messages": [
                *before["messages"],
                {"role": "assistant", "content": answer["content"]},
                *now["messages"],
            ]
        },
        going_on=lambda last: {
            "thread": {"type": "continue", "previous_message_id": last["id"]}
            if last
            else {"type": "create"}
        },
        opening={
            "system": "Be brief.",
            "tools": [{"name": "weather", "input_schema": SCHEMA}],
        },
    ),
    Speaker(
        "interactions",
        GOOGLE,
        {
            "model": "gemini-3",
            "system_instruction": "Be brief.",
            "tools": [{"type": "function", "name": "weather", "parameters": SCHEMA}],
        },
        said=lambda text: {
            "input": [{"type": "user_input", "content": [{"type": "text", "text": text}]}]
        },
        resulting=lambda answer: {
            "input": [
                {"type": "function_result", "call_id": answer["steps"][-1]["id"], "result": "rain"}
            ]
        },
        joined=lambda before, answer, now: {
            "input": [*before["input"], *answer["steps"], *now["input"]]
        },
        going_on=lambda last: {"previous_interaction_id": last["id"]} if last else {},
        opening={},
    ),
    Speaker(
        "cohere",
        COHERE,
        {"model": "command-r", "preamble": "Be brief.", "tools": [{"name": "weather"}]},
        said=lambda text: {"message": text},
        resulting=lambda answer: {
            "tool_results": [{"call": answer["tool_calls"][-1], "outputs": [{"text": "rain"}]}]
        },
        joined=lambda before, answer, now: {
            "chat_history": [
                *before.get("chat_history", []),
                *([{"role": "USER", "message": before["message"]}] if "message" in before else []),
                *(
                    [{"role": "TOOL", "tool_results": before["tool_results"]}]
                    if "tool_results" in before
                    else []
                ),
                {
                    "role": "CHATBOT",
                    "message": answer["text"],
                    **({"tool_calls": answer["tool_calls"]} if "tool_calls" in answer else {}),
                },
            ],
            **now,
        },
        going_on=lambda _: {"conversation_id": "talk-1"},
        opening={},
    ),
]
each_speaker = pytest.mark.parametrize("speaker", SPEAKERS, ids=str)


def ask(stage: Stage, speaker: Speaker, body: dict[str, Any]) -> dict[str, Any]:
    """Send a body, and return the JSON that comes."""
    whole = {**speaker.settings, **body}
    answered = stage.send(Request("POST", speaker.url, {}, json.dumps(whole).encode()))
    answer: dict[str, Any] = json.loads(b"".join(data for _, data in answered.playback.chunks))
    return answer


def converse(stage: Stage, speaker: Speaker, *, kept: bool) -> list[dict[str, Any]]:
    """Ask, give the tool's result, ask again: sending what is new, or everything each time."""
    now, answers = {**speaker.opening, **speaker.said("What shall I wear in Oslo?")}, []
    whole, last = now, None
    for further in (speaker.resulting, lambda _: speaker.said("And tomorrow?"), None):
        body = {**now, **speaker.going_on(last)} if kept else {**speaker.opening, **whole}
        last = ask(stage, speaker, body)
        answers.append(last)
        if further is not None:
            now = further(last)
            whole = {**speaker.joined(whole, last, now)}
    return answers


def told(stage: Stage) -> None:
    """Say what is answered."""
    stage.mock.on(tool_result=False, turn=1).reply("Let me see.", tool_calls=["weather"])
    stage.mock.on(tool_result="weather", result_contains="rain", turn=2).reply("A coat.")
    stage.mock.on(contains="tomorrow", turn=3).reply("The same.")


@each_speaker
def test_it_is_as_if_the_whole_conversation_had_been_sent(speaker: Speaker) -> None:
    """Turn, history, results, tools, system text and the count of the input."""
    kept, sent = Stage(), Stage()
    for stage in (kept, sent):
        told(stage)

    converse(kept, speaker, kept=True)
    converse(sent, speaker, kept=False)

    for one, other in zip(kept.mock.calls, sent.mock.calls, strict=True):
        assert (one.turn, one.tool_results, one.tools) == (
            other.turn,
            other.tool_results,
            other.tools,
        )
        assert (one.messages, one.system_text) == (other.messages, "Be brief.")
        assert one.usage == other.usage
    assert [call.turn for call in kept.mock.calls] == [1, 2, 3]
    assert [result.name for result in kept.mock.calls[1].tool_results] == ["weather"]
    assert [tool.name for tool in kept.mock.calls[2].tools] == ["weather"]


@each_speaker
def test_an_attempt_that_failed_is_no_part_of_the_conversation(speaker: Speaker) -> None:
    """The next attempt asks for the same turn."""
    stage = Stage()
    told(stage)
    stage.mock.fail("rate_limit", times=1).fail("truncated", times=1)

    for _ in range(3):
        ask_again = {**speaker.opening, **speaker.said("Oslo?"), **speaker.going_on(None)}
        whole = json.dumps({**speaker.settings, **ask_again}).encode()
        stage.send(Request("POST", speaker.url, {}, whole))

    assert [call.turn for call in stage.mock.calls] == [1, 1, 1]


@pytest.mark.parametrize("unknown", ["msg_x", ["x"], None])
@each_speaker
def test_what_the_provider_does_not_know_is_nothing(speaker: Speaker, unknown: Any) -> None:
    """An id of another run, or none that is one."""
    stage = Stage()
    stage.mock.reply("Hello")
    ask(stage, speaker, speaker.said("Hello"))

    ask(stage, speaker, {**speaker.said("Hello"), **speaker.going_on({"id": unknown})})

    assert [call.turn for call in stage.mock.calls] == [1, 1]


def test_a_conversation_may_branch() -> None:
    """Two calls that follow the same answer know nothing of each other."""
    stage, speaker = Stage(), SPEAKERS[0]
    stage.mock.reply("Hello")
    first = ask(stage, speaker, speaker.said("one"))

    for text in ("two", "three"):
        ask(stage, speaker, {**speaker.said(text), **speaker.going_on(first)})

    said = [
        [each.text for each in call.messages if each.role == "user"] for call in stage.mock.calls
    ]
    assert said == [["one"], ["one", "two"], ["one", "three"]]


def test_lm_studio_goes_on_with_an_answer_that_it_stored() -> None:
    """Its tools are called by itself, and nobody can send its conversation whole."""
    stage, url = Stage(), "http://models.lan/api/v1/chat"
    stage.mock.replies(["one", "two", "three", "four"])
    last: dict[str, Any] = {}

    for text, more in (("a", {}), ("b", {}), ("c", {"store": False}), ("d", {})):
        goes_on = {"previous_response_id": last["response_id"]} if last else {}
        asked = {"model": "m", "input": [{"type": "message", "content": text}], **goes_on, **more}
        answered = stage.send(Request("POST", url, {}, json.dumps(asked).encode()))
        last = json.loads(b"".join(data for _, data in answered.playback.chunks))

    assert [call.turn for call in stage.mock.calls] == [1, 2, 3, 1]
    assert [(each.role, each.text) for each in stage.mock.calls[2].messages] == [
        ("user", "a"),
        ("assistant", "one"),
        ("user", "b"),
        ("assistant", "two"),
        ("user", "c"),
    ]


def test_an_item_of_an_earlier_answer_may_be_referred_to() -> None:
    """OpenAI's `item_reference`, with the type or without: the call that it stands for is read."""
    stage, speaker = Stage(), SPEAKERS[0]
    told(stage)
    asked = speaker.said("Oslo?")["input"]
    answer = ask(stage, speaker, {"input": asked})
    text, call = answer["output"]

    for kind in ({"type": "item_reference"}, {}):
        references = [{**kind, "id": text["id"]}, {**kind, "id": call["id"]}]
        result = speaker.resulting(answer)["input"]
        ask(stage, speaker, {"input": [*asked, *references, *result]})

    assert [call.turn for call in stage.mock.calls] == [1, 2, 2]
    assert stage.mock.calls[-1].tool_results[0].name == "weather"


def test_a_mock_that_is_reset_still_knows_what_was_said() -> None:
    """Rules, faults and calls are forgotten: the provider forgets nothing."""
    stage, speaker = Stage(), SPEAKERS[1]
    stage.mock.reply("Hello")
    ask(stage, speaker, {**speaker.said("one"), **speaker.going_on(None)})
    stage.mock.reset()
    stage.mock.reply("Hello")

    ask(stage, speaker, {**speaker.said("two"), **speaker.going_on(None)})

    assert stage.mock.calls[0].turn == 2
