"""Model events beside a real engine, which knows best how long it took."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import anthropic
import openai
import pytest
import urllib3
from tests.engine import Engine, is_installed
from tests.support.instruments import Instruments

from understudy.clock import RealClock
from understudy.intercept import Taps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(not is_installed(), reason="xllamacpp is not installed"),
]

MESSAGES: Final[Any] = [{"role": "user", "content": "the of and to in is it you"}]
ASKED: Final[Any] = {"model": "tiny", "messages": MESSAGES, "max_tokens": 16}
Told = dict[str, Any]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine that sleeps after a second."""
    with Engine(tmp_path_factory.mktemp("engine"), sleep_seconds=1) as engine:
        yield engine


@pytest.fixture
def seen() -> Iterator[Instruments]:
    """What is recorded while a test calls."""
    instruments = Instruments()
    taps = Taps(instruments.recorder)
    taps.install()
    yield instruments
    taps.uninstall()


def sdk(engine: Engine) -> openai.OpenAI:
    """Return OpenAI's SDK, which asks the engine."""
    return openai.OpenAI(base_url=f"{engine.url}/v1", api_key="none", max_retries=0)


def claude(engine: Engine) -> anthropic.Anthropic:
    """Return Anthropic's SDK, which asks the engine."""
    return anthropic.Anthropic(base_url=engine.url, api_key="none", max_retries=0)


def timings_of(answer: Any) -> Told:
    """Return what the engine told, as the application gets it."""
    found: Told = answer.model_extra["timings"]
    return found


def last_timings(events: Any) -> Told:
    """Return what the engine told in a stream."""
    (found,) = [timings_of(event) for event in events if "timings" in (event.model_extra or {})]
    return found


def by_chat(engine: Engine) -> Told:
    """Ask for a chat."""
    return timings_of(sdk(engine).chat.completions.create(**ASKED))


def by_stream(engine: Engine) -> Told:
    """Ask for a stream, and not for its usage."""
    return last_timings(sdk(engine).chat.completions.create(**ASKED, stream=True))


def by_stream_with_usage(engine: Engine) -> Told:
    """Ask for a stream and its usage."""
    wanted: Any = {"include_usage": True}
    return last_timings(
        sdk(engine).chat.completions.create(**ASKED, stream=True, stream_options=wanted)
    )


def by_completions(engine: Engine) -> Told:
    """Ask for a completion."""
    return timings_of(sdk(engine).completions.create(model="tiny", prompt="the of", max_tokens=16))


def by_responses_stream(engine: Engine) -> Told:
    """Ask for a response, as a stream."""
    return last_timings(
        sdk(engine).responses.create(
            model="tiny", input="the of", max_output_tokens=16, stream=True
        )
    )


def by_own_api(engine: Engine) -> Told:
    """Ask in the engine's own words."""
    asked = {"prompt": "the of and", "n_predict": 16}
    with urllib3.PoolManager() as pool:
        found: Told = pool.request("POST", f"{engine.url}/completion", json=asked).json()["timings"]
    return found


def told_of_models(seen: Instruments) -> Told:
    """Return the one model event."""
    (event,) = seen.models
    return event


@pytest.mark.parametrize(
    "ask",
    [by_chat, by_stream, by_stream_with_usage, by_completions, by_responses_stream, by_own_api],
)
def test_a_thought_lasts_as_long_as_the_engine_says(
    engine: Engine, seen: Instruments, ask: Callable[[Engine], Told]
) -> None:
    """Prompt and generation, over all tokens; loopback and the client do not count."""
    timings = ask(engine)

    event = told_of_models(seen)
    assert (event["event_type"], event["component"]) == ("THOUGHT_LATENCY", "tiny")
    assert event["source"] == "engine"
    assert event["tokens_generated"] == timings["predicted_n"] > 1
    assert event["prompt_tokens"] == timings["prompt_n"] + timings["cache_n"]
    assert (event["prompt_ms"], event["decode_ms"]) == (
        timings["prompt_ms"],
        timings["predicted_ms"],
    )
    assert event["value"] * timings["predicted_n"] == pytest.approx(
        timings["prompt_ms"] + timings["predicted_ms"]
    )


def test_a_stream_that_was_not_asked_for_usage_has_it_all_the_same(
    engine: Engine, seen: Instruments
) -> None:
    """The engine counts as it does where it is asked."""
    with_usage = by_stream_with_usage(engine)
    without = by_stream(engine)

    calls = [(each["input_tokens"], each["output_tokens"]) for each in seen.events]
    assert calls[0] == calls[1] == (without["prompt_n"] + without["cache_n"], 16)
    assert with_usage["predicted_n"] == 16
    assert {each["provider"] for each in seen.events} == {"llama.cpp"}


@pytest.mark.parametrize(("stream", "source"), [(False, "response"), (True, "stream")])
def test_without_the_engines_word_the_clients_clock_counts(
    engine: Engine,
    seen: Instruments,
    stream: bool,  # noqa: FBT001
    source: str,
) -> None:
    """Anthropic's API has no timings. The engine counts the tokens, and is done before."""
    before = engine.metrics()
    answer: Any = claude(engine).messages.create(**ASKED, stream=stream)
    list(answer)
    after = engine.metrics()

    event, generated = told_of_models(seen), "tokens_predicted_total"
    assert (event["source"], event["component"]) == (source, "tiny")
    assert event["tokens_generated"] == after[generated] - before[generated]
    assert event.get("decode_ms") is None
    if not stream:
        took = sum(
            after[name] - before[name]
            for name in ("tokens_predicted_seconds_total", "prompt_seconds_total")
        )
        assert event["value"] * event["tokens_generated"] >= took * 1000


def test_a_reload_is_seen_and_no_thought(engine: Engine, seen: Instruments) -> None:
    """The wire does not tell of it: whoever measures the call that wakes the engine does."""
    clock = RealClock()
    while not engine.is_sleeping:
        clock.sleep(0.05)

    with seen.telemetry.models.timer().load("tiny"):
        timings = by_own_api(engine)

    thought, load = seen.models
    assert not engine.is_sleeping
    assert timings["cache_n"] == 0
    assert (load["event_type"], load["source"], load["success"]) == ("LOAD_LATENCY", "told", True)
    assert thought["value"] * 16 == pytest.approx(timings["prompt_ms"] + timings["predicted_ms"])
    loading = seconds_of_last_load(engine.log.read_text())
    assert loading < load["value"] - thought["value"] * 16 / 1000


_LINE: Final = re.compile(
    r"^(\d+)\.(\d+)\.(\d+)\.(\d+) .*(exiting sleeping state|n_slots = )", re.MULTILINE
)


def seconds_of_last_load(log: str) -> float:
    """Return how long the engine was about it by its own log, in minutes, seconds, ms and µs."""
    moments = [
        int(minutes) * 60 + int(seconds) + int(ms) / 1e3 + int(us) / 1e6
        for minutes, seconds, ms, us, _ in _LINE.findall(log)
    ]
    return moments[-1] - moments[-2]
