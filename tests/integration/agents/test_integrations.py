"""What libraries tell of operations, by the real ones: each event once, told by the library."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from tests.support.suite import lines_of

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet
    from tests.support.suite import Suite

SHARED = """
import openai
import pytest

ASKED = [{"role": "user", "content": "Where is Oslo?"}]


def told(events):
    '''Return the events, each in a line.'''
    return [line(event.model_dump(exclude_none=True)) for event in events]


def line(event):
    words = [event["event_type"].removeprefix("llm_"), *(["inferred"] if event["inferred"] else [])]
    names = ["tool_name", "cause", "error_category", "passed", "success", "attempts"]
    names += ["attempt_number", "from_provider", "to_provider", "reason"]
    return " ".join([*words, *(f"{name}={event[name]}" for name in names if name in event)])


def ask(**asked):
    client = openai.OpenAI(api_key="x", max_retries=0)
    asked = {"model": "gpt-4o-mini", "messages": ASKED, **asked}
    return client.chat.completions.create(**asked).choices[0].message.content
"""

STAMINA = """
import json

import stamina
from shared import *
from understudy import lifecycle
from understudy.integrations import stamina as integration

THEIRS = []
stamina.instrumentation.set_on_retry_hooks([THEIRS.append])


@pytest.fixture
def installed():
    undo = integration.install()
    with stamina.set_testing(True, attempts=3):
        yield
    undo()


def test_failed_call(installed, mock_llm, llm_events):
    mock_llm.fail("overloaded", times=1)
    mock_llm.reply("Norway")
    stamina.retry(on=openai.APIError)(ask)()
    assert told(llm_events) == [
        "repair_attempt cause=transport error_category=InternalServerError attempt_number=1"
    ]
    assert llm_events.last.provider == "openai" and len(THEIRS) == 1


def test_failed_answer(installed, mock_llm, llm_events):
    mock_llm.reply("no JSON", times=1)
    mock_llm.reply("{}")
    with lifecycle.generation(tool_name="edit"):
        stamina.retry(on=ValueError)(lambda: json.loads(ask()))()
    repair = "repair_attempt tool_name=edit cause=content error_category=JSONDecodeError"
    assert told(llm_events)[1] == repair + " attempt_number=1"
    assert {event.operation_id for event in llm_events} == {llm_events.last.operation_id}


def test_what_the_application_told_is_not_told_again(installed, mock_llm, llm_events):
    mock_llm.reply("no JSON", times=1)
    mock_llm.reply("{}")
    def asking():
        try:
            return json.loads(ask())
        except ValueError:
            lifecycle.send(lifecycle.repair_attempt(attempt_number=1, error_category="mine"))
            raise
    stamina.retry(on=ValueError)(asking)()
    assert told(llm_events) == ["repair_attempt error_category=mine attempt_number=1"]


def test_undone(mock_llm, llm_events):
    first, second = integration.install(), integration.install()
    assert len(stamina.instrumentation.get_on_retry_hooks()) == 2
    first()
    first()
    assert len(stamina.instrumentation.get_on_retry_hooks()) == 2
    second()
    assert stamina.instrumentation.get_on_retry_hooks() == (THEIRS.append,)


def test_only_what_asks_a_model(mock_llm, llm_events):
    undo = integration.install(only=lambda name: "models" in name)
    def flaky(left=[1]):
        if left.pop() if left else False:
            raise OSError
    with stamina.set_testing(True, attempts=3):
        stamina.retry(on=OSError)(flaky)()
    undo()
    assert len(llm_events) == 0
"""

TENACITY = """
import asyncio

import tenacity
from shared import *
from understudy.integrations.tenacity import repair_attempts

RULES = dict(before_sleep=repair_attempts, stop=tenacity.stop_after_attempt(3))


def test_failed_call(mock_llm, llm_events):
    mock_llm.fail("rate_limit", times=2)
    mock_llm.reply("Norway")
    tenacity.retry(**RULES)(ask)()
    repair = "repair_attempt cause=transport error_category=RateLimitError attempt_number="
    assert told(llm_events) == [repair + "1", repair + "2"]


def test_answer_that_is_not_good_enough(mock_llm, llm_events):
    mock_llm.reply("?", times=1)
    mock_llm.reply("Norway")
    again = tenacity.retry_if_result(lambda text: text == "?")
    tenacity.retry(retry=again, **RULES)(ask)()
    assert told(llm_events) == ["repair_attempt cause=content attempt_number=1"]


def test_awaited(mock_llm, llm_events):
    mock_llm.fail("rate_limit", times=1)
    mock_llm.reply("Norway")
    async def asking():
        async with openai.AsyncOpenAI(api_key="x", max_retries=0) as client:
            await client.chat.completions.create(model="gpt-4o-mini", messages=ASKED)
    asyncio.run(tenacity.retry(**RULES)(asking)())
    assert len(llm_events.of("llm_repair_attempt")) == 1
"""

INSTRUCTOR = """
import instructor
from instructor.core.exceptions import InstructorRetryException
from pydantic import BaseModel
from shared import *
from understudy.integrations import instructor as integration


class Place(BaseModel):
    country: str


BAD, GOOD = '{"city": "Oslo"}', '{"country": "Norway"}'
FAILED = "validation_result error_category=ValidationError passed=False attempt_number="
REPAIR = "repair_attempt cause=content error_category=ValidationError attempt_number="


@pytest.fixture
def client():
    mode = instructor.Mode.JSON
    client = instructor.from_openai(openai.OpenAI(api_key="x", max_retries=0), mode=mode)
    undo, again = integration.install(client), integration.install(client)
    yield client
    undo()
    again()
    client.chat.completions.create(**asked(max_retries=0))


def asked(**more):
    return dict(model="gpt-4o-mini", messages=ASKED, response_model=Place, **more)


def test_repaired(client, mock_llm, llm_events):
    mock_llm.reply(BAD, times=1)
    mock_llm.reply(GOOD)
    client.chat.completions.create(**asked(max_retries=2))
    assert told(llm_events) == [FAILED + "1", REPAIR + "1"]


def test_given_up(client, mock_llm, llm_events):
    mock_llm.reply(BAD, times=2)
    mock_llm.reply(GOOD)
    with pytest.raises(InstructorRetryException):
        client.chat.completions.create(**asked(max_retries=1))
    assert told(llm_events) == [FAILED + "1", REPAIR + "1", FAILED + "2"]


def test_no_client():
    with pytest.raises(TypeError, match="from_openai"):
        integration.install(openai)
"""

AGENTS = """
import asyncio

from agents import Agent, GuardrailFunctionOutput, OpenAIResponsesModel, OutputGuardrail, Runner
from agents import RunConfig, set_trace_processors, set_tracing_disabled, trace
from shared import *
from understudy import lifecycle
from understudy.integrations import openai_agents as integration

STARTED = "generation_started tool_name=Agent workflow"


class Theirs:
    heard = 0

    def on_trace_start(self, trace):
        Theirs.heard += 1

    on_trace_end = on_span_start = on_span_end = lambda self, each: None
    shutdown = force_flush = lambda self: None


@pytest.fixture(autouse=True)
def installed():
    set_tracing_disabled(False)
    set_trace_processors([Theirs()])
    undo, again = integration.install(), integration.install()
    yield
    undo()
    again()


def agent(trips=None):
    async def names_a_country(context, agent, output):
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered=trips)
    client = openai.AsyncOpenAI(api_key="x", max_retries=0)
    model = OpenAIResponsesModel(model="gpt-5", openai_client=client)
    guards = [] if trips is None else [OutputGuardrail(guardrail_function=names_a_country)]
    return Agent(name="guide", model=model, output_guardrails=guards)


def test_run(mock_llm, llm_events):
    mock_llm.reply("Norway")
    Runner.run_sync(agent(), "Oslo?", run_config=RunConfig(workflow_name="geography"))
    assert told(llm_events) == [
        "generation_started tool_name=geography",
        "generation_completed tool_name=geography success=True attempts=1",
    ]
    assert Theirs.heard and llm_events.last.cost


def test_guardrails(mock_llm, llm_events):
    mock_llm.reply("Norway")
    with pytest.raises(Exception, match="tripwire"):
        Runner.run_sync(agent(trips=True), "Oslo?")
    Runner.run_sync(agent(trips=False), "Oslo?")
    failed = "generation_completed tool_name=Agent workflow error_category="
    check = "validation_result tool_name=Agent workflow "
    assert told(llm_events) == [
        STARTED,
        check + "error_category=names_a_country passed=False",
        failed + "OutputGuardrailTripwireTriggered success=False attempts=1",
        STARTED,
        check + "passed=True",
        "generation_completed tool_name=Agent workflow success=True attempts=1",
    ]


def test_failed_and_asked_elsewhere(mock_llm, llm_events):
    mock_llm.fail("overloaded", times=1)
    mock_llm.reply("Norway")
    async def streamed():
        running = Runner.run_streamed(agent(), "Oslo?")
        async for _ in running.stream_events():
            pass
    try:
        asyncio.run(streamed())
    except openai.APIError:
        Runner.run_sync(agent(), "Oslo?")
    ends = [event.success for event in llm_events.of("llm_generation_completed")]
    assert (ends, len(llm_events)) == ([False, True], 4)


def test_one_operation_where_the_application_has_one(mock_llm, llm_events):
    mock_llm.reply("Norway")
    with lifecycle.generation(tool_name="mine"):
        Runner.run_sync(agent(trips=False), "Oslo?")
    with trace("both"):
        Runner.run_sync(agent(), "Oslo?")
        Runner.run_sync(agent(), "Bergen?")
    assert told(llm_events) == [
        "generation_started tool_name=mine",
        "validation_result tool_name=mine passed=True",
        "generation_completed tool_name=mine success=True attempts=1",
        "generation_started tool_name=both",
        "generation_completed tool_name=both success=True attempts=2",
    ]


def test_undone(mock_llm, llm_events):
    from agents.tracing import get_trace_provider
    integration.install()()
    assert len(get_trace_provider()._multi_processor._processors) == 2
"""

LANGGRAPH = """
import asyncio

from langchain_openai import ChatOpenAI
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition
from shared import *
from understudy import lifecycle
from understudy.integrations import langchain as integration

ONE = ["generation_started tool_name=LangGraph"]
TWO = ["generation_completed tool_name=LangGraph success=True attempts=2"]


@pytest.fixture
def installed():
    undo, again = integration.install(), integration.install()
    yield
    undo()
    again()


def model(base=None):
    return ChatOpenAI(model="m" if base else "gpt-5", api_key="x", base_url=base, max_retries=0)


def weather(city: str) -> str:
    '''Tell the weather.'''
    return "rain"


def graph():
    bound = model().bind_tools([weather])
    build = StateGraph(MessagesState)
    build.add_node("model", lambda state: {"messages": [bound.invoke(state["messages"])]})
    build.add_node("tools", ToolNode([weather]))
    build.add_edge(START, "model")
    build.add_conditional_edges("model", tools_condition)
    build.add_edge("tools", "model")
    return build.compile()


def run(kind):
    asked = {"messages": [("user", "Oslo?")]}
    if kind == "whole":
        graph().invoke(asked)
    elif kind == "streamed":
        list(graph().stream(asked, stream_mode="messages"))
    else:
        asyncio.run(graph().ainvoke(asked))


@pytest.mark.parametrize("kind", ["whole", "streamed", "awaited"])
def test_agent(installed, mock_llm, llm_events, kind):
    mock_llm.on(tool_result=False).reply(tool_calls=[("weather", {"city": "Oslo"})])
    mock_llm.on(tool_result="weather").reply("Rain")
    run(kind)
    assert told(llm_events) == ONE + TWO
    assert llm_events.last.cost


def test_inside_an_operation(installed, mock_llm, llm_events):
    mock_llm.reply("Rain")
    with lifecycle.generation(tool_name="mine"):
        run("whole")
    assert [event.tool_name for event in llm_events] == ["mine", "mine"]


def test_failed(installed, mock_llm, llm_events):
    mock_llm.fail("overloaded", times=1)
    mock_llm.reply("Norway")
    with pytest.raises(openai.APIError):
        model().invoke("Oslo?")
    model().invoke("Oslo?")
    ends = llm_events.of("llm_generation_completed")
    assert [event.success for event in ends] == [False, True]
    assert len(llm_events) == 4


def test_fallback(installed, mock_llm, llm_events):
    mock_llm.on(model="gpt-5").fail("overloaded")
    mock_llm.reply("Norway")
    model().with_fallbacks([model("https://api.groq.com/openai/v1")]).invoke("Oslo?")
    assert told(llm_events)[1:-1] == [
        "provider_failover inferred tool_name=RunnableWithFallbacks"
        " from_provider=openai to_provider=groq reason=server_error"
    ]


def test_retry(installed, mock_llm, llm_events):
    mock_llm.fail("overloaded", times=1)
    mock_llm.reply("Norway")
    model().with_retry(stop_after_attempt=2).invoke("Oslo?")
    (repair,) = llm_events.of("llm_repair_attempt")
    assert (repair.cause, repair.attempt_number, repair.inferred) == ("transport", 1, False)


def test_quiet_when_undone(mock_llm, llm_events):
    mock_llm.reply("Norway")
    model().invoke("Oslo?")
    assert len(llm_events) == 0
"""

LITELLM = """
import asyncio

import litellm
from shared import *
from understudy.integrations import litellm as integration

MODELS = {"a": "openai/gpt-4o-mini", "b": "anthropic/claude-sonnet-4-5", "c": "openai/gpt-5"}
FAILOVER = "provider_failover from_provider=openai to_provider=anthropic reason="


@pytest.fixture(autouse=True)
def installed():
    undo, again = integration.install(), integration.install()
    yield
    undo()
    again()
    lists = [each for each in vars(litellm).values() if isinstance(each, list)]
    ours = [one for each in lists for one in each if type(one).__name__ == "UnderstudyLogger"]
    assert ours == []


def router(fallbacks):
    models = [
        {"model_name": name, "litellm_params": {"model": model, "api_key": "x"}}
        for name, model in MODELS.items()
    ]
    return litellm.Router(model_list=models, fallbacks=[{"a": fallbacks}], num_retries=0)


def mocked(mock_llm):
    mock_llm.on(model="gpt-4o-mini").fail("overloaded")
    mock_llm.reply("Norway")


def test_router(mock_llm, llm_events):
    mocked(mock_llm)
    router(["b"]).completion(model="a", messages=ASKED, max_retries=0)
    asyncio.run(router(["b"]).acompletion(model="a", messages=ASKED, max_retries=0))
    assert told(llm_events) == 2 * [FAILOVER + "APIError"]


def test_completion(mock_llm, llm_events):
    mocked(mock_llm)
    asked = {"messages": ASKED, "api_key": "x", "max_retries": 0}
    litellm.completion(model=MODELS["a"], fallbacks=[MODELS["b"]], **asked)
    assert told(llm_events) == [FAILOVER + "server_error"]


def test_another_model_of_the_same_provider(mock_llm, llm_events):
    mocked(mock_llm)
    router(["c"]).completion(model="a", messages=ASKED, max_retries=0)
    assert len(llm_events) == 0
"""

PYBREAKER = """
import pybreaker
from shared import *
from understudy import lifecycle


class Trips(pybreaker.CircuitBreakerListener):
    def state_change(self, breaker, old, new):
        if new.name == "open":
            lifecycle.on_trip(breaker.name, breaker.fail_counter)


def test_trip(mock_llm, llm_events):
    breaker = pybreaker.CircuitBreaker(fail_max=2, name="openai", listeners=[Trips()])
    mock_llm.fail("overloaded")
    for error in (openai.APIError, pybreaker.CircuitBreakerError):
        with pytest.raises(error):
            breaker.call(ask)
    (trip,) = llm_events
    assert (trip.provider, trip.failures) == ("openai", 2)
"""

PURGATORY = """
import purgatory
from shared import *
from understudy import lifecycle

failures = {}


def trips(name, kind, event):
    if kind == "failed":
        failures[name] = event.failure_count
    elif kind == "state_changed" and event.state == "opened":
        lifecycle.on_trip(name, failures[name])


def test_trip(mock_llm, llm_events):
    breakers = purgatory.SyncCircuitBreakerFactory(default_threshold=2)
    breakers.add_listener(trips)
    mock_llm.fail("overloaded")
    for _ in range(2):
        with pytest.raises(openai.APIError), breakers.get_breaker("openai"):
            ask()
    (trip,) = llm_events
    assert (trip.provider, trip.failures) == ("openai", 2)
"""


def wants(package: str, tests: str, summary: str) -> ParameterSet:
    """Return tests that need a library; it is imported before any test, as what it sets stays."""
    try:
        import_module(package)
    except ImportError:
        skipped = [pytest.mark.skip(f"{package} is not installed")]
    else:
        skipped = []
    return pytest.param(tests, summary, id=package, marks=skipped)


@pytest.mark.parametrize(
    ("tests", "summary"),
    [
        wants("stamina", STAMINA, "operations 1 started, 1 completed, 3 repairs"),
        wants("tenacity", TENACITY, "operations 4 repairs"),
        wants("instructor", INSTRUCTOR, "operations 2 repairs, 3 failed validations"),
        wants("pybreaker", PYBREAKER, "operations 1 tripped breaker"),
        wants("purgatory", PURGATORY, "operations 1 tripped breaker"),
        wants("agents", AGENTS, "operations 7 started, 7 completed, 1 failed validation"),
        wants("langgraph", LANGGRAPH, "operations 8 started, 8 completed, 1 repair, 1 failover"),
        wants("litellm", LITELLM, "operations 3 failovers"),
    ],
)
def test_each_step_that_a_library_tells_is_one_event(
    suite: Suite, tests: str, summary: str
) -> None:
    """Beside it none is inferred of the same, and what others had set in the library stays."""
    suite.write(tests, shared=SHARED)

    result = suite.run("--llm-clock=virtual", "-Wdefault")

    passed = result.parseoutcomes().get("passed")
    assert passed, result.stdout.str()
    result.assert_outcomes(passed=passed)
    assert summary in lines_of(result)
