"""Events of mocked calls, on the virtual clock, through every client."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.intercept.answering import APIS, Mocked
from tests.support.clients import CALLERS, Caller

from understudy.clock import VirtualClock
from understudy.intercept import Taps
from understudy.intercept.guard import CallRefused, Guard
from understudy.mock import MockLibrary, MockLLM
from understudy.pricing import Prices, price_book, read_prices
from understudy.telemetry import EventLog, FaultLog, Owner, Ownership, Recorder, Telemetry

if TYPE_CHECKING:
    from collections.abc import Iterator

LINES = 10
TEXT = "\n".join(f"line {number}" for number in range(LINES))
FIRST, TOTAL = 1500.0, 1500.0 + (LINES - 1) * 150.0


class Book:
    """Lines in memory."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.append = self.lines.append

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events so far."""
        return [json.loads(line) for line in self.lines]


class Rig:
    """A recorder on a virtual clock, and a mock on the same."""

    def __init__(self, clock: VirtualClock) -> None:
        self.book = Book()
        self.faults = FaultLog()
        self.ownership = Ownership(Owner(phase_id="t.py::test"))
        telemetry = Telemetry(
            event_log=EventLog(self.book, run_id="run", faults=self.faults),
            ownership=self.ownership,
            clock=clock,
            prices=price_book(read_prices({}, where="-"), Prices(table="none")),
        )
        self.recorder = Recorder(telemetry=telemetry, apis=APIS, keeps_content=False)
        self.mock = MockLLM(MockLibrary.default(), clock=clock, profile="realistic_l3")

    def close(self) -> None:
        """End what nobody ended."""
        self.recorder.flush()
        assert self.faults.first == {}


@pytest.fixture
def rig() -> Iterator[Rig]:
    """A rig whose clock runs."""
    clock = VirtualClock()
    with clock.running():
        yield Rig(clock)


CHATS = [
    pytest.param(
        caller,
        id=caller.name,
        marks=pytest.mark.skipif(not caller.is_possible, reason="not installed"),
    )
    for caller in CALLERS
    if "embeddings" not in caller.name
]


@pytest.mark.parametrize("caller", CHATS)
def test_mocked_call_is_an_event_with_exact_times(caller: Caller, rig: Rig) -> None:
    """First content at the think time, the end nine lines later, and origin `mocked`."""
    rig.mock.reply(TEXT)

    with Taps(rig.recorder, answerer=Mocked(rig.mock)):
        caller.call("https://llm.test", "gpt-test")
    rig.close()

    (event,) = rig.book.events
    assert (event["origin"], event["status"], event["http_status"]) == ("mocked", "ok", 200)
    first = FIRST if event["stream"] else TOTAL
    assert (event["ttfc_ms"], event["duration_ms"]) == (
        pytest.approx(first, abs=0.01),
        pytest.approx(TOTAL, abs=0.01),
    )
    assert event["output_tokens"] > 0


def test_refused_call_is_an_event_without_an_answer(rig: Rig) -> None:
    """It has the status `error` and no HTTP status, and names the refusal."""
    httpx2 = pytest.importorskip("httpx2")
    with Taps(rig.recorder) as taps:
        guard = Guard(current_owner=rig.ownership.current, calling=taps.calling, apis=APIS)
        with guard.block(), pytest.raises(CallRefused):
            httpx2.post("https://api.openai.com/v1/chat/completions", json={"model": "m"})

    (event,) = rig.book.events
    assert (event["status"], event["error_type"]) == ("error", "CallRefused")
    assert event["http_status"] is None
    assert event["request_model"] == "m"


def test_answered_call_needs_no_time(rig: Rig) -> None:
    """Simulated seconds cost none."""
    openai = pytest.importorskip("openai")
    rig.mock.reply(TEXT)
    client = openai.OpenAI(api_key="x")

    with Taps(rig.recorder, answerer=Mocked(rig.mock)):
        began = time.thread_time()
        stream = client.chat.completions.create(model="m", messages=[], stream=True)
        assert "".join(one.choices[0].delta.content or "" for one in stream) == TEXT

    assert time.thread_time() - began < 1
