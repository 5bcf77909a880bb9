"""Mock providers in process: named, numbered, counted, held at a gate."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from understudy.contracts import NamedMockProvider
from understudy.errors import SettingsError
from understudy.mock import MockLibrary, MockLLM

if TYPE_CHECKING:
    from understudy.clock import VirtualClock

BODY: dict[str, Any] = {"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}
WITH_USAGE = {**BODY, "stream_options": {"include_usage": True}}


def text_of(answer: dict[str, Any]) -> str:
    return str(answer["choices"][0]["message"]["content"])


def text_in(events: list[dict[str, Any]]) -> str:
    choices = [choice for event in events for choice in event["choices"]]
    return "".join(choice["delta"].get("content") or "" for choice in choices)


def test_answers_are_numbered_by_the_provider() -> None:
    """No two are alike, so that a cached one is known by its words."""
    one, other = NamedMockProvider("openai"), NamedMockProvider("anthropic")

    texts = [text_of(provider.complete(BODY)) for provider in (one, one, other)]

    assert texts == [
        "openai answers hello\ncall 1\nof model gpt-4o",
        "openai answers hello\ncall 2\nof model gpt-4o",
        "anthropic answers hello\ncall 1\nof model gpt-4o",
    ]
    assert (one.count, other.count) == (2, 1)
    assert [call.provider for call in (*one.calls, *other.calls)] == [*["openai"] * 2, "anthropic"]


def test_own_answers_come_first() -> None:
    """Then the numbered ones."""
    provider = NamedMockProvider("house", answers=["one", {"two": 2}])

    texts = [text_of(provider.complete(BODY)) for _ in range(3)]

    assert texts == ["one", '{"two":2}', "house answers hello\ncall 3\nof model gpt-4o"]


def test_a_stream_comes_in_events_and_ends_with_its_usage() -> None:
    """Three lines, a finish reason, the counts; `[DONE]` is no event."""
    events = list(NamedMockProvider("openai").stream(WITH_USAGE))

    assert text_in(events) == "openai answers hello\ncall 1\nof model gpt-4o"
    assert [choice["finish_reason"] for event in events for choice in event["choices"]] == [
        *[None] * 4,
        "stop",
    ]
    assert events[-1]["usage"]["total_tokens"] == 1234 + 567


def test_who_awaits_gets_the_same() -> None:
    """From the twins of both methods."""
    provider = NamedMockProvider("openai")

    async def ask() -> tuple[str, str]:
        whole = text_of(await provider.acomplete(BODY))
        return whole, text_in([event async for event in provider.astream(BODY)])

    assert asyncio.run(ask()) == (
        "openai answers hello\ncall 1\nof model gpt-4o",
        "openai answers hello\ncall 2\nof model gpt-4o",
    )


def test_its_mock_may_have_rules_of_its_own(stopped: VirtualClock) -> None:
    """And a profile, on any clock: it is a MockLLM."""
    mock = MockLLM(MockLibrary.default(), clock=stopped, profile="slow")
    mock.on(model="gpt*").reply("one\ntwo")
    provider = NamedMockProvider("openai", mock=mock)

    with stopped.running():
        began = stopped.now()
        events = list(provider.stream(BODY))
        took = stopped.now() - began

    assert text_in(events) == "one\ntwo"
    assert took == pytest.approx(3.5)


def test_threads_are_counted_without_a_race() -> None:
    """Each gets a number of its own."""
    provider = NamedMockProvider("openai")

    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(lambda _: text_of(provider.complete(BODY)), range(200)))

    assert provider.count == len(set(texts)) == 200


def test_calls_of_threads_are_held_until_they_are_released() -> None:
    """Who arrives is counted at once."""
    provider = NamedMockProvider("openai")
    provider.hold()

    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(provider.complete, BODY) for _ in range(3)]
        provider.arrived(3)
        held = [call.done() for call in asked]
        provider.release()

    assert held == [False] * 3
    assert all(text_of(call.result()) for call in asked)


def test_who_gives_up_at_the_gate_is_a_leaver() -> None:
    """The others are answered."""
    provider = NamedMockProvider("openai")
    provider.hold()

    async def ask() -> list[Any]:
        asked = [asyncio.create_task(provider.acomplete(BODY)) for _ in range(3)]
        await provider.gate.async_arrived(3)
        asked[0].cancel()
        await asyncio.sleep(0)
        provider.release()
        return list(await asyncio.gather(*asked, return_exceptions=True))

    left, *others = asyncio.run(ask())

    assert isinstance(left, asyncio.CancelledError)
    assert all(text_of(each) for each in others)
    assert (provider.leavers, provider.count) == (1, 3)
    assert all(call.ended_at is not None for call in provider.calls)


def test_who_does_not_arrive_is_missed() -> None:
    """The message says how many were to come."""
    provider = NamedMockProvider("openai")

    with pytest.raises(AssertionError, match="2 calls were to arrive, 0 did"):
        provider.gate.arrived(2, within=0.01)
    with pytest.raises(AssertionError, match="1 calls were to arrive, 0 did"):
        asyncio.run(provider.gate.async_arrived(1, within=0.01))


def test_a_stream_that_is_left_has_ended() -> None:
    """Whoever closes it lets the provider know."""
    provider = NamedMockProvider("openai")
    stream = provider.stream(BODY)
    next(stream)
    during = provider.calls[0].ended_at

    stream.close()

    assert during is None
    assert provider.calls[0].ended_at is not None


@pytest.mark.parametrize("name", ["", "Open AI", "a/b", "-x"])
def test_a_name_is_one_of_a_provider(name: str) -> None:
    """It stands in a host's place."""
    with pytest.raises(SettingsError, match="is named"):
        NamedMockProvider(name)
