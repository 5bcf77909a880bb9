"""Real SDKs, answered by rules: what an application sees."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from pydantic import BaseModel
from tests.support.clients import ANTHROPIC, OPENAI
from tests.support.sdks import QUESTION, MockedClients

from understudy.mock import UnmatchedCall

openai = pytest.importorskip("openai")
anthropic = pytest.importorskip("anthropic")

WEATHER: Any = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}


class City(BaseModel):
    """A structured answer."""

    name: str
    people: int


def openai_client(mocked: MockedClients, **options: Any) -> Any:
    """Return a client of openai."""
    return openai.OpenAI(api_key="x", http_client=mocked.client(OPENAI), **options)


def async_openai(mocked: MockedClients, **options: Any) -> Any:
    """Return an asynchronous client of openai."""
    return openai.AsyncOpenAI(api_key="x", http_client=mocked.async_client(OPENAI), **options)


def test_an_agent_runs_without_a_script(mocked: MockedClients) -> None:
    """It calls a tool with arguments that fit, and ends after the result."""
    mocked.mock.auto_tools()
    messages = [*QUESTION]

    with openai_client(mocked) as client:
        for _ in range(5):
            asked = {"model": "gpt-5", "messages": messages, "tools": [WEATHER]}
            said = client.chat.completions.create(**asked).choices[0].message
            if not said.tool_calls:
                break
            messages.append(said)
            messages += [
                {"role": "tool", "tool_call_id": call.id, "content": f"rain in {arguments['city']}"}
                for call in said.tool_calls
                for arguments in [json.loads(call.function.arguments)]
            ]

    assert said.content == "Done. get_weather: 'rain in city'"
    assert [call.turn for call in mocked.mock.calls] == [1, 2]


def test_structured_output_is_parsed(mocked: MockedClients) -> None:
    """A model of the application's, given or made of its schema."""
    mocked.mock.reply(json=City(name="Oslo", people=700000), times=1).reply()

    with openai_client(mocked) as client:
        parsed = [
            client.chat.completions.parse(model="gpt-5", messages=QUESTION, response_format=City)
            .choices[0]
            .message.parsed
            for _ in range(2)
        ]

    assert parsed == [City(name="Oslo", people=700000), City(name="name", people=1)]


def test_structured_output_through_a_tool(mocked: MockedClients) -> None:
    """As anthropic's clients ask for it."""
    mocked.mock.reply(json=City(name="Oslo", people=700000))
    tool: Any = {"name": "city", "input_schema": City.model_json_schema()}

    with anthropic.Anthropic(api_key="x", http_client=mocked.client(ANTHROPIC)) as client:
        answer = client.messages.create(
            model="claude-5",
            max_tokens=99,
            messages=QUESTION,
            tools=[tool],
            tool_choice={"type": "tool", "name": "city"},
        )

    assert (answer.stop_reason, answer.content[0].input) == (
        "tool_use",
        {"name": "Oslo", "people": 700000},
    )


def test_a_conversation_that_openai_remembers(mocked: MockedClients) -> None:
    """`previous_response_id`: rules see the whole of it."""
    mocked.mock.on(turn=1).reply("Hi, Ann.")
    mocked.mock.on(turn=2).reply(lambda call: f"You said: {call.messages[0].text}")

    with openai_client(mocked) as client:
        first = client.responses.create(model="gpt-5", input="I am Ann.")
        second = client.responses.create(
            model="gpt-5", input="Who am I?", previous_response_id=first.id
        )

    assert second.output_text == "You said: I am Ann."


async def test_a_conversation_that_google_keeps(mocked: MockedClients) -> None:
    """Gemini's interactions, streamed and whole: a result is sent alone, its tool is known."""
    genai = pytest.importorskip("google.genai")
    mocked.mock.on(contains="Oslo").reply(tool_calls=[("weather", {"city": "Oslo"})])
    mocked.mock.on(tool_result="weather", turn=2).reply("Take a coat.")
    options = genai.types.HttpOptions(httpx_async_client=mocked.async_client("httpx2"))
    client = genai.Client(api_key="x", http_options=options)
    asked: Any = {"model": "gemini-3", "tools": [{**WEATHER["function"], "type": "function"}]}

    stream = await client.aio.interactions.create(input="Oslo?", stream=True, **asked)
    events = [event async for event in stream]
    (called,) = [event.step for event in events if event.event_type == "step.start"]
    (first,) = [one.interaction for one in events if one.event_type == "interaction.completed"]
    result = {"type": "function_result", "call_id": called.id, "result": "rain"}
    second = await client.aio.interactions.create(
        input=[result], previous_interaction_id=first.id, **asked
    )

    assert second.steps[-1].content[0].text == "Take a coat."


@pytest.mark.parametrize("chunk", ["line", "token"])
def test_the_arguments_of_a_tool_stream_in_pieces(mocked: MockedClients, chunk: Any) -> None:
    """As providers send them: code that joins partial JSON has something to join."""
    note = {"city": "Oslo", "note": "some longer text to stream"}
    mocked.mock.reply(tool_calls=[("weather", note)], chunk=chunk)
    claude = anthropic.Anthropic(api_key="x", http_client=mocked.client(ANTHROPIC))
    asked: Any = {"model": "m", "stream": True}

    with openai_client(mocked) as client:
        chat = client.chat.completions.create(messages=QUESTION, **asked)
        deltas = [part.choices[0].delta.tool_calls for part in chat]
        responses = client.responses.create(input="x", **asked)
        named = "response.function_call_arguments.delta"
        events = claude.messages.create(messages=QUESTION, max_tokens=9, **asked)
        pieces = [
            [call.function.arguments for called in deltas for call in called or ()],
            [event.delta for event in responses if event.type == named],
            [event.delta.partial_json for event in events if event.type == "content_block_delta"],
        ]

    assert [json.loads("".join(each)) for each in pieces] == [note] * 3
    assert all(len(each) > 1 for each in pieces)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("way", ["run", "run_later"])
async def test_an_agent_whose_conversation_anthropic_keeps(
    mocked: MockedClients,
    stream: Any,
    way: str,
) -> None:
    """The SDK's tool runner sends the result alone; system text, tools and turn are known."""
    mocked.mock.on(contains="Oslo").reply(tool_calls=[("weather", {"city": "Oslo"})])
    mocked.mock.on(tool_result="weather", turn=2).reply("Take a coat.")
    asked: Any = {
        "model": "claude-5",
        "max_tokens": 9,
        "system": "Be brief.",
        "messages": QUESTION,
        "stream": stream,
    }

    answers = await globals()[way](mocked, asked)

    assert answers[-1] == "Take a coat."
    last = mocked.mock.calls[-1]
    assert (last.system_text, [tool.name for tool in last.tools]) == ("Be brief.", ["weather"])
    assert last.tool_results[0].text == "rain in Oslo"


async def run(mocked: MockedClients, asked: Any) -> list[Any]:
    """Let anthropic's tool runner go on to the end; return the texts."""

    def weather(city: str) -> str:
        return f"rain in {city}"

    client = anthropic.Anthropic(api_key="x", http_client=mocked.client(ANTHROPIC))
    runner = client.beta.messages.tool_runner(tools=[anthropic.beta_tool(weather)], **asked)
    said = [one.get_final_message() if asked["stream"] else one for one in runner]
    return [getattr(one.content[0], "text", None) for one in said]


async def run_later(mocked: MockedClients, asked: Any) -> list[Any]:
    """The same with the asynchronous client."""

    async def weather(city: str) -> str:
        return f"rain in {city}"

    client = anthropic.AsyncAnthropic(api_key="x", http_client=mocked.async_client(ANTHROPIC))
    tools = [anthropic.beta_async_tool(weather)]
    runner = client.beta.messages.tool_runner(tools=tools, **asked)
    said = [await one.get_final_message() if asked["stream"] else one async for one in runner]
    return [getattr(one.content[0], "text", None) for one in said]


def ask_openai(mocked: MockedClients) -> None:
    """Ask through openai."""
    openai_client(mocked).chat.completions.create(model="gpt-5", messages=QUESTION)


def ask_anthropic(mocked: MockedClients) -> None:
    """Ask through anthropic."""
    client = anthropic.Anthropic(api_key="x", http_client=mocked.client(ANTHROPIC))
    client.messages.create(model="claude-5", max_tokens=9, messages=QUESTION)


@pytest.mark.parametrize("ask", [ask_openai, ask_anthropic])
def test_a_forgotten_mock_fails_at_once(mocked: MockedClients, ask: Any) -> None:
    """No SDK swallows it, none tries again."""
    mocked.mock.on(contains="Rome").reply("sun")

    with pytest.raises(UnmatchedCall, match="What is the weather in Oslo") as caught:
        ask(mocked)

    assert "contains 'Rome'" in str(caught.value)
    assert len(mocked.mock.unmatched) == 1


async def test_a_forgotten_mock_fails_at_once_in_asyncio(mocked: MockedClients) -> None:
    """Also beside others, in a group of tasks."""
    client = async_openai(mocked)

    results = await asyncio.gather(
        *(client.chat.completions.create(model="gpt-5", messages=QUESTION) for _ in range(3)),
        return_exceptions=True,
    )

    assert [type(result) for result in results] == [UnmatchedCall] * 3


def test_a_stream_keeps_the_time_of_its_profile(virtual: MockedClients) -> None:
    """To the microsecond, and in no time."""
    virtual.mock.script("page_creation")
    lines = len(virtual.mock.engine.materials.scenarios.get("page_creation").lines)
    clock = virtual.clock

    with openai_client(virtual) as client:
        began, began_real = clock.now(), clock.wall()
        stream = client.chat.completions.create(model="gpt-5", messages=QUESTION, stream=True)
        moments = [
            round(clock.now() - began, 6) for chunk in stream if chunk.choices[0].delta.content
        ]

    assert moments == [round(1.5 + 0.15 * line, 6) for line in range(lines)]
    assert clock.wall() - began_real < moments[-1]


def test_streams_beside_each_other_keep_their_time(virtual: MockedClients) -> None:
    """Fifty take as long as one, and each is exact."""
    virtual.mock.reply("line\n" * 20)
    clock = virtual.clock

    async def listen(client: Any) -> tuple[float, float]:
        began, first = clock.now(), None
        asked = {"model": "gpt-5", "messages": QUESTION, "stream": True}
        async for chunk in await client.chat.completions.create(**asked):
            if first is None and chunk.choices[0].delta.content:
                first = clock.now()
        assert first is not None
        return round(first - began, 6), round(clock.now() - began, 6)

    async def main() -> list[tuple[float, float]]:
        async with async_openai(virtual) as client:
            return await asyncio.gather(*(listen(client) for _ in range(50)))

    assert set(asyncio.run(main())) == {(1.5, 4.35)}


def test_a_time_out_of_the_application_fires_in_simulated_time(virtual: MockedClients) -> None:
    """And ends the call for the mock."""
    virtual.mock.reply("late")

    async def main() -> None:
        async with async_openai(virtual) as client:
            asked = client.chat.completions.create(model="gpt-5", messages=QUESTION)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asked, 1.0)

    asyncio.run(main())

    (call,) = virtual.mock.calls
    assert call.ended_at is not None
    assert call.ended_at - call.began_at == pytest.approx(1.0)


def test_a_stream_may_be_left_early(virtual: MockedClients) -> None:
    """By a break: the rest takes no time."""
    virtual.mock.reply("line\n" * 100)
    clock = virtual.clock

    with openai_client(virtual) as client:
        began = clock.now()
        with client.chat.completions.create(
            model="gpt-5", messages=QUESTION, stream=True
        ) as stream:
            for chunk in stream:
                if chunk.choices[0].delta.content:
                    break

    assert clock.now() - began == pytest.approx(1.5)
    assert virtual.mock.calls[0].ended_at is not None


def test_the_clients_own_time_out_is_kept(virtual: MockedClients) -> None:
    """A model that thinks for longer is given up, exactly then."""
    virtual.mock.reply("late")
    clock = virtual.clock

    with openai_client(virtual, timeout=0.5, max_retries=0) as client:
        began = clock.now()
        with pytest.raises(openai.APITimeoutError):
            client.chat.completions.create(model="gpt-5", messages=QUESTION)

    assert clock.now() - began == pytest.approx(0.5)
