"""The rest of what a mock can do: timing, embeddings, direct plays, the calls it keeps."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.mock.stage import ANTHROPIC, EMBEDDINGS, LIBRARY, Stage, called, request, result

from understudy.calls import Operation, Status
from understudy.errors import UnknownNameError
from understudy.mock import DirectPlay, MockLibrary, MockLLM, UnmatchedCall
from understudy.scenarios import ScenarioError

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "page_edit"
LINES = LIBRARY.scenarios.get(PAGE).lines


def vectors(stage: Stage, **body: Any) -> list[list[float]]:
    """Ask for embeddings."""
    answered = stage.ask(url=EMBEDDINGS, **{"input": "x", "encoding_format": "float", **body})
    data = json.loads(b"".join(data for _, data in answered.playback.chunks))["data"]
    return [one["embedding"] for one in data]


def test_embeddings_are_answered_without_a_rule(stage: Stage) -> None:
    """Texts that share words lie near each other."""
    stage.mock.replies(["only this"])

    one, two, three = vectors(stage, input=["red wine", "red beer", "tax"], dimensions=64)

    assert len(one) == 64
    assert sum(a * b for a, b in zip(one, two, strict=True)) > sum(
        a * b for a, b in zip(one, three, strict=True)
    )
    assert stage.read().text == "only this"


def test_vectors_may_be_given(stage: Stage) -> None:
    """By rules that answer nothing else, and may run out."""
    stage.mock.on(model="gpt-*").reply(vectors=[[1.0, 0.0]], times=1)
    stage.mock.reply("text")

    assert vectors(stage, dimensions=2) == [[1.0, 0.0]]
    assert vectors(stage, dimensions=2) != [[1.0, 0.0]]
    assert stage.read().text == "text"


def test_vectors_are_no_answer_to_a_chat(stage: Stage) -> None:
    """The message says so."""
    stage.mock.reply(vectors=[[1.0]])

    with pytest.raises(UnmatchedCall, match="gives vectors"):
        stage.ask()


def test_bedrock_asks_for_embeddings_by_the_model(stage: Stage) -> None:
    """Its address is that of every model."""
    url = (
        "https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.titan-embed-text-v2:0/invoke"
    )

    stage.ask(url=url, inputText="x")

    assert stage.mock.calls[0].operation is Operation.EMBEDDINGS


def test_the_profile_may_be_changed(stage: Stage) -> None:
    """By the test, by a reply; an unknown one is refused."""
    stage.mock.reply("a\nb\n", times=1).reply("a\nb\n", profile="realistic_l2")
    stage.mock.profile = "realistic_l3"

    assert [stage.play(request(stream=True))[1] for _ in range(2)] == pytest.approx([1.65, 0.5])
    assert stage.mock.profile == "realistic_l3"
    with pytest.raises(UnknownNameError, match="Did you mean 'realistic_l3'"):
        stage.mock.profile = "realistic_13"


def test_an_unknown_profile_is_refused() -> None:
    """When the mock is made."""
    with pytest.raises(UnknownNameError):
        Stage(profile="quick")


def test_calls_tell_what_was_asked_and_answered(stage: Stage) -> None:
    """In no provider's words."""
    stage.mock.reply("Hello", tool_calls=["get"])
    stage.clock.moment = 5.0

    stage.play(
        request(
            {"role": "system", "content": "Be brief."},
            "Oslo?",
            called(),
            result(),
            tools=[{"type": "function", "function": {"name": "get", "parameters": {}}}],
            stream=True,
        )
    )

    (call,) = stage.mock.calls
    assert (call.model, call.provider, call.operation) == ("gpt-5", "openai", Operation.CHAT)
    assert (call.system_text, call.user_text, call.turn) == ("Be brief.", "Oslo?", 2)
    assert (call.text, [one.name for one in call.tool_calls]) == ("Hello", ["get"])
    assert [tool.name for tool in call.tools] == ["get"]
    assert [(one.name, one.text) for one in call.tool_results] == [("get_weather", "rain")]
    assert call.messages == call.prompt.messages
    assert call.stream
    assert call.usage is not None
    assert (call.error, call.fault, call.scenario, call.profile) == (None, None, None, "instant")
    assert (call.began_at, call.ended_at, call.status) == (5.0, 5.0, 200)
    assert (call.read_timeout, call.knows_timeout, call.broken) == (60.0, True, None)
    assert repr(call) == "<MockedCall 1 openai 'gpt-5'>"


def test_a_broken_call_says_so(stage: Stage) -> None:
    """With the fault in its name."""
    stage.mock.reply("x").fail("reset")

    stage.play(request())

    (call,) = stage.mock.calls
    assert call.broken is not None
    assert (call.text, call.is_spoilt) == ("", True)
    assert repr(call) == "<MockedCall 1 openai 'gpt-5' fault='reset'>"


def test_the_scenarios_are_listed(stage: Stage) -> None:
    """At least nine are golden files."""
    names = stage.mock.list_scenarios()

    assert names == sorted(names)
    assert sum(LIBRARY.scenarios.get(name).is_golden for name in names) >= 9


def test_a_scenario_is_played_line_by_line() -> None:
    """Each line as it stands, when it is due; one report in the end."""
    plays: list[DirectPlay] = []
    stage = Stage(on_play=plays.append, profile="realistic_l3")

    lines = [(line, round(stage.clock.now(), 6)) for line in stage.mock.stream_sync(PAGE)]

    assert [line for line, _ in lines] == list(LINES)
    assert [at for _, at in lines] == [1.5 + place * 0.15 for place in range(len(LINES))]
    (play,) = plays
    assert (play.scenario, play.profile, play.clock) == (PAGE, "realistic_l3", "virtual")
    assert (play.began_at, play.first_at, play.lines) == (0.0, 1.5, len(LINES))
    assert play.ended_at == lines[-1][1]
    assert play.output_tokens > len(LINES)
    assert play.status is Status.OK


async def test_a_scenario_is_played_to_who_awaits() -> None:
    """The same way, with another profile if told so."""
    plays: list[DirectPlay] = []
    stage = Stage(on_play=plays.append)

    lines = [line async for line in stage.mock.stream(PAGE, profile="slow")]

    assert lines == list(LINES)
    assert plays[0].ended_at == 3.0 + 0.5 * (len(LINES) - 1)


def test_a_play_that_is_given_up_is_cancelled() -> None:
    """By closing it."""
    plays: list[DirectPlay] = []
    stage = Stage(on_play=plays.append)
    lines: Any = stage.mock.stream_sync(PAGE)

    next(lines)
    lines.close()

    assert [(play.status, play.lines) for play in plays] == [(Status.CANCELLED, 1)]


async def test_a_play_that_is_cancelled_says_so() -> None:
    """By a task that is."""
    plays: list[DirectPlay] = []
    stage = Stage(on_play=plays.append)

    async def listen() -> None:
        async for _ in stage.mock.stream(PAGE):
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await listen()
    await asyncio.sleep(0)

    assert [play.status for play in plays] in ([], [Status.CANCELLED])


def test_a_play_may_go_unheard(stage: Stage) -> None:
    """Nobody need be told."""
    assert list(stage.mock.stream_sync(PAGE)) == list(LINES)


@pytest.mark.parametrize("method", ["stream", "stream_sync"])
def test_a_play_of_nothing_is_refused_at_once(stage: Stage, method: str) -> None:
    """Before the first line is asked for."""
    with pytest.raises(UnknownNameError, match="page_edit"):
        getattr(stage.mock, method)("page_edti")
    with pytest.raises(UnknownNameError, match="realistic_l2"):
        getattr(stage.mock, method)(PAGE, profile="realistic")


def test_a_play_of_several_turns_begins_with_the_first(stage: Stage) -> None:
    """With the profile of that turn."""
    lines = list(stage.mock.stream_sync("page_session"))

    assert "page.begin" in lines[0]
    assert stage.clock.now() >= 1.5


def test_without_arguments_it_plays_what_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder `golden`, and what ships, at once."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "golden").mkdir()
    (tmp_path / "golden" / "own.jsonl").write_text('{"a": 1}\n')

    mock = MockLLM()

    assert {"own", PAGE} < set(mock.list_scenarios())
    assert list(mock.stream_sync("own")) == ['{"a": 1}\n']


@pytest.mark.parametrize("key", ["profile: slwo", "faults: [rate_lmit]"])
def test_a_scenario_that_cannot_be_played_is_refused(tmp_path: Path, key: str) -> None:
    """Where it is named, with file and key."""
    (tmp_path / "talk.yaml").write_text(f"turns: {{a: {{reply: x, {key}}}}}")
    mock = MockLLM(MockLibrary.default(tmp_path))

    with pytest.raises(ScenarioError, match=r"talk\.yaml:1: turns\.a\.\w+: unknown .*Did you mean"):
        mock.script("talk")


def test_an_unmatched_call_explains_itself(stage: Stage) -> None:
    """Which call, the nearest rule and what differs, what to add; no key of the URL."""
    stage.mock.on(contains="forecast", model="gpt-*").reply("x")
    stage.mock.on(contains="news", model="o3").reply("y")

    with pytest.raises(UnmatchedCall) as caught:
        stage.ask("What is the weather in Oslo?\nToday.", url="https://api.openai.com/v1/chat/completions?key=secret")  # fmt: skip  # noqa: E501

    assert str(caught.value).splitlines() == [
        "POST api.openai.com/v1/chat/completions found no answer in mock_llm:",
        "  provider 'openai', model 'gpt-5', turn 1",
        "  the user says 'What is the weather in Oslo?\\nToday.'",
        "Nearest of 2 rules: mock_llm.on(contains='forecast', model='gpt-*').reply('x')",
        "  the user's text contains 'forecast', but it is 'What is the weather in Oslo?\\nToday.'",
        "Add mock_llm.on(contains='What is the weather').reply(\"…\"),"
        ' or mock_llm.reply("…") to answer every call.',
    ]


@pytest.mark.parametrize(
    ("messages", "says", "add"),
    [
        (["x", called(), result()], "get_weather gave 'rain'", "on(tool_result='get_weather')"),
        (["x", called(call_id="z"), result()], "a tool gave 'rain'", "on(tool_result=True)"),
        ([""], "the user says ''", 'Add mock_llm.reply("…") to answer every call.'),
    ],
)
def test_what_to_add_depends_on_the_call(
    stage: Stage, messages: list[Any], says: str, add: str
) -> None:
    """The result of a tool, the first words of the user, or every call."""
    with pytest.raises(UnmatchedCall) as caught:
        stage.ask(*messages)

    assert says in str(caught.value)
    assert add in str(caught.value)
    assert "no rules" in str(caught.value)


def unanswered(stage: Stage) -> str:
    """Return what is said of a call that nothing answers."""
    with pytest.raises(UnmatchedCall) as caught:
        stage.ask("Oslo")
    return str(caught.value)


def test_a_condition_that_was_left_without_an_answer_is_named(stage: Stage) -> None:
    """Until it gets one; those that have one are rules."""
    rule = stage.mock.on(contains="Oslo")
    left = "mock_llm.on(contains='Oslo') was left without .reply(…)."

    assert f"\nIt has no rules: {left}\nAdd " in unanswered(stage)

    stage.mock.on(contains="Rome").reply("sun")
    assert f"but it is 'Oslo'\n{left}\nAdd " in unanswered(stage)

    rule.reply("rain", times=1).reply("snow", times=1)
    stage.ask("Oslo")
    stage.ask("Oslo")
    assert "was left" not in unanswered(stage)


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (lambda mock: mock.reply("x", times=1), "reply('x', times=1)\n  it has answered once"),
        (lambda mock: mock.replies(["x"]), "all 1 replies"),
        (lambda mock: mock.reply(nothing), "reply(nothing)\n  nothing returned None"),
        (lambda mock: mock.reply({"a": 1}, times=1, model="m"), "reply(dict(…), model=…, times=1)"),
    ],
)
def test_a_rule_that_is_used_up_says_so(stage: Stage, rule: Any, reason: str) -> None:
    """It took the call, and had no answer."""
    rule(stage.mock)

    with pytest.raises(UnmatchedCall) as caught:
        any(stage.ask() is None for _ in range(2))

    assert reason in str(caught.value)
    assert "Its only rule" in str(caught.value)


def nothing(call: object) -> None:
    """Make no reply."""


def test_a_tool_call_that_would_answer_itself_says_so(stage: Stage) -> None:
    """The result wants another rule."""
    stage.mock.reply(tool_calls=["get_weather"])

    with pytest.raises(UnmatchedCall, match="calls a tool whose result this call brings"):
        stage.ask("x", called(), result())


def test_a_rule_that_was_used_often_says_how_often(stage: Stage) -> None:
    """As it was told."""
    stage.mock.reply("x", times=2)

    stage.ask()
    stage.ask()

    with pytest.raises(UnmatchedCall, match="answered 2 times"):
        stage.ask()


def test_a_repertoire_begins_with_the_users_folders(tmp_path: Any) -> None:
    """They go before what ships."""
    (tmp_path / "page_edit.jsonl").write_text('"mine"\n')

    mock = MockLLM(MockLibrary.default(tmp_path), clock=Stage().clock)

    assert list(mock.stream_sync("page_edit")) == ['"mine"\n']


def test_turns_count_what_the_model_said_at_once_as_one(stage: Stage) -> None:
    """Parallel tool calls are messages of their own in OpenAI's Responses."""
    stage.mock.reply("x")
    items = [
        {"type": "function_call", "call_id": name, "name": name, "arguments": "{}"}
        for name in ("a", "b")
    ]
    outputs = [
        {"type": "function_call_output", "call_id": name, "output": name} for name in ("a", "b")
    ]
    asked = [{"role": "user", "content": "x"}, *items, *outputs]

    stage.ask(url="https://api.openai.com/v1/responses", input=asked)

    assert stage.mock.calls[0].turn == 2
    assert [one.name for one in stage.mock.calls[0].tool_results] == ["a", "b"]


def test_a_compressed_request_is_read(stage: Stage) -> None:
    """Its encoding is kept with it, and nothing else of its headers."""
    import gzip  # noqa: PLC0415

    stage.mock.on(contains="hello").reply("x")
    asked = request("hello", url=ANTHROPIC)
    packed = type(asked)(
        "POST", asked.url, {"content-encoding": "gzip", "x": "y"}, gzip.compress(asked.body)
    )

    assert stage.play(packed)[0].text == "x"
