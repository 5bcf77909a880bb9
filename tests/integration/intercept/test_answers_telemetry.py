"""Events of calls that are answered or refused, on the virtual clock."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from tests.support.answering import APIS, Mocked
from tests.support.instruments import Instruments

from understudy.intercept import Taps
from understudy.intercept.guard import CallRefused, Guard
from understudy.mock import MockLibrary, MockLLM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.clock import VirtualClock

TEXT = "\n".join(f"line {number}" for number in range(10))


@pytest.fixture
def clock(stopped: VirtualClock) -> Iterator[VirtualClock]:
    """A clock that runs."""
    with stopped.running() as clock:
        yield clock


def test_refused_call_is_an_event_without_an_answer(clock: VirtualClock) -> None:
    """It has the status `error` and no HTTP status, and names the refusal."""
    httpx2 = pytest.importorskip("httpx2")
    recorded = Instruments(clock)
    with Taps(recorded.recorder) as taps:
        owner = recorded.ownership.current
        guard = Guard(current_owner=owner, calling=taps.calling, apis=APIS)
        with guard.block(), pytest.raises(CallRefused):
            httpx2.post("https://api.openai.com/v1/chat/completions", json={"model": "m"})

    event = recorded.only
    assert (event["status"], event["error_type"]) == ("error", "CallRefused")
    assert event["http_status"] is None
    assert event["request_model"] == "m"


def test_answered_call_needs_no_time(clock: VirtualClock) -> None:
    """Simulated seconds cost none."""
    openai = pytest.importorskip("openai")
    mock = MockLLM(MockLibrary.default(), clock=clock, profile="realistic_l3")
    mock.reply(TEXT)
    client = openai.OpenAI(api_key="x")

    with Taps(Instruments(clock).recorder, answerer=Mocked(mock)):
        began = time.thread_time()
        stream = client.chat.completions.create(model="m", messages=[], stream=True)
        assert "".join(one.choices[0].delta.content or "" for one in stream) == TEXT

    assert time.thread_time() - began < 1
