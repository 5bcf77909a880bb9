"""Agents of several frameworks run a tool loop of three turns: mocked, recorded and replayed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.served import ServedMock, dress

if TYPE_CHECKING:
    from tests.support.suite import Suite

#: What each loop has: a question, two tools, and where the model answers.
SHARED = """
import os

BASE = os.environ.get("MODEL_BASE")
QUESTION = "What shall I wear in Oslo?"
BRIEF = "Be brief."


def weather(city: str) -> str:
    '''Tell the weather.

    Args:
        city: where
    '''
    return "rain in " + city


def pack(thing: str) -> str:
    '''Pack a thing.

    Args:
        thing: what
    '''
    return thing + " is packed"
"""

ANTHROPIC = """
import asyncio

import anthropic
from shared import *


def asked():
    return dict(model="claude-5", max_tokens=99, system=BRIEF,
                messages=[{"role": "user", "content": QUESTION}])


def whole():
    client = anthropic.Anthropic(api_key="x", base_url=BASE)
    tools = [anthropic.beta_tool(weather), anthropic.beta_tool(pack)]
    runner = client.beta.messages.tool_runner(tools=tools, **asked())
    return runner.until_done().content[0].text


async def later():
    async def rain(city: str) -> str:
        return weather(city)

    async def packing(thing: str) -> str:
        return pack(thing)

    make = anthropic.beta_async_tool
    named = [(rain, "weather"), (packing, "pack")]
    tools = [make(call, name=name, description=name) for call, name in named]
    async with anthropic.AsyncAnthropic(api_key="x", base_url=BASE) as client:
        async for said in client.beta.messages.tool_runner(tools=tools, stream=True, **asked()):
            last = await said.get_final_message()
    return last.content[0].text


def streamed():
    return asyncio.run(later())


LOOPS = [whole, streamed]
"""

OPENAI_AGENTS = """
import asyncio

import openai
from agents import Agent, Runner, function_tool, set_tracing_disabled
from agents import OpenAIChatCompletionsModel, OpenAIResponsesModel
from shared import *

set_tracing_disabled(True)


def agent(kind=OpenAIResponsesModel):
    client = openai.AsyncOpenAI(api_key="x", base_url=BASE and BASE + "/v1")
    tools = [function_tool(weather), function_tool(pack)]
    model = kind(model="gpt-5", openai_client=client)
    return Agent(name="a", instructions=BRIEF, model=model, tools=tools)


def chat():
    return Runner.run_sync(agent(OpenAIChatCompletionsModel), QUESTION).final_output


def responses():
    return Runner.run_sync(agent(), QUESTION).final_output


def conversation():
    return Runner.run_sync(agent(), QUESTION, conversation_id="conv_1").final_output


def previous():
    return Runner.run_sync(agent(), QUESTION, auto_previous_response_id=True).final_output


async def events(**options):
    running = Runner.run_streamed(agent(), QUESTION, **options)
    async for _ in running.stream_events():
        pass
    return running.final_output


def streamed():
    return asyncio.run(events(conversation_id="conv_2"))


def streamed_previous():
    return asyncio.run(events(auto_previous_response_id=True))


LOOPS = [chat, responses, conversation, previous, streamed, streamed_previous]
"""

LANGGRAPH = """
import asyncio
import warnings

from langchain_openai import ChatOpenAI
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition
from shared import *


def graph(**options):
    base = BASE and BASE + "/v1"
    model = ChatOpenAI(model="gpt-5", api_key="x", base_url=base, **options)
    bound = model.bind_tools([weather, pack])
    build = StateGraph(MessagesState)
    build.add_node("model", lambda state: {"messages": [bound.invoke(state["messages"])]})
    build.add_node("tools", ToolNode([weather, pack]))
    build.add_edge(START, "model")
    build.add_conditional_edges("model", tools_condition)
    build.add_edge("tools", "model")
    return build.compile()


def asked():
    return {"messages": [("system", BRIEF), ("user", QUESTION)]}


def said(state):
    return state["messages"][-1].text


def chat():
    return said(graph().invoke(asked()))


def responses():
    return said(graph(use_responses_api=True).invoke(asked()))


def previous():
    return said(graph(use_responses_api=True, use_previous_response_id=True).invoke(asked()))


def streamed():
    parts = graph(streaming=True).stream(asked(), stream_mode="messages")
    final = [part for part, where in parts if where["langgraph_node"] == "model"]
    return "".join(part.text for part in final)


def awaited():
    return said(asyncio.run(graph().ainvoke(asked())))


LOOPS = [chat, responses, previous, streamed, awaited]
"""

PYDANTIC_AI = """
import asyncio

from pydantic_ai import Agent
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from importlib.metadata import version
from pydantic_ai.providers.openai import OpenAIProvider
from shared import *

TOOLS = [weather, pack]


def agent(kind, **settings):
    if kind is AnthropicModel:
        model = kind("claude-5", provider=AnthropicProvider(api_key="x", base_url=BASE))
    else:
        base = BASE and BASE + "/v1"
        model = kind("gpt-5", provider=OpenAIProvider(api_key="x", base_url=base))
    return Agent(model, instructions=BRIEF, tools=TOOLS, model_settings=settings or None)


def chat():
    return agent(OpenAIChatModel).run_sync(QUESTION).output


def responses():
    return agent(OpenAIResponsesModel).run_sync(QUESTION).output


def previous():
    settings = {"openai_previous_response_id": "auto"}
    return agent(OpenAIResponsesModel, **settings).run_sync(QUESTION).output


def claude():
    return agent(AnthropicModel).run_sync(QUESTION).output


async def parts(kind):
    async with agent(kind).run_stream(QUESTION) as running:
        return "".join([part async for part in running.stream_text(delta=True)])


def streamed():
    return asyncio.run(parts(OpenAIChatModel))


def streamed_claude():
    return asyncio.run(parts(AnthropicModel))


# Older ones do not know the types of anthropic 2, and resolvers may choose one.
KNOWS_CLAUDE = tuple(map(int, version("pydantic-ai-slim").split(".")[:2])) >= (2, 60)
LOOPS = [chat, responses, previous, streamed, *([claude, streamed_claude] if KNOWS_CLAUDE else [])]
"""

TESTS = """
import pytest
from loops import LOOPS
from tests.support.served import dress

each = pytest.mark.parametrize("loop", LOOPS, ids=lambda loop: loop.__name__)


@each
def test_mocked(mock_llm, loop):
    dress(mock_llm)

    assert loop() == "Wear the coat."
    assert [call.turn for call in mock_llm.calls] == [1, 2, 3]
    last = mock_llm.calls[-1]
    assert last.system_text == "Be brief."
    assert sorted(tool.name for tool in last.tools) == ["pack", "weather"]
    assert [result.text for result in last.tool_results] == ["coat is packed"]


@each
@pytest.mark.llm_cassette
def test_recorded(loop):
    assert loop() == "Wear the coat."
"""


@pytest.mark.parametrize(
    ("package", "loops"),
    [
        ("anthropic", ANTHROPIC),
        ("agents", OPENAI_AGENTS),
        ("langgraph", LANGGRAPH),
        ("pydantic_ai", PYDANTIC_AI),
    ],
)
def test_an_agent_runs_the_same_mocked_recorded_and_replayed(
    suite: Suite, monkeypatch: pytest.MonkeyPatch, package: str, loops: str
) -> None:
    """Three turns and two tools in each of its ways; every call is an event of its test."""
    pytest.importorskip(package)
    suite.write(TESTS, shared=SHARED, loops=loops)

    assert told(suite, "-kmocked") == {"mocked"}
    with ServedMock() as served:
        dress(served.mock)
        monkeypatch.setenv("MODEL_BASE", served.url)
        assert told(suite, "-krecorded", "--llm-record-mode=once") == {"recorded"}
    assert told(suite, "-krecorded") == {"replayed"}


def told(suite: Suite, *options: str) -> set[str | None]:
    """Run some tests, which pass; return where the answers to their calls came from."""
    result = suite.run(*options)
    passed = result.parseoutcomes().get("passed")
    assert passed, result.stdout.str()
    result.assert_outcomes(passed=passed, deselected=passed)
    calls = suite.stored().calls
    assert set(suite.stored().count.values()) == {3}
    assert len(calls) == 3 * passed
    assert all(call.output_tokens and call.input_tokens for call in calls)
    return {call.origin for call in calls}
