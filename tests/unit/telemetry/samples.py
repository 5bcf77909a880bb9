"""Telemetry of a run without pytest: lines in memory, a clock that stands still."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from understudy.calls import Request
from understudy.pricing import Prices, price_book
from understudy.providers import default_apis
from understudy.telemetry import EventLog, FaultLog, Owner, Ownership, Recorder, Telemetry

if TYPE_CHECKING:
    from understudy.telemetry import Listener, Predictor, Recorded, Told

CHAT = "https://api.openai.com/v1/chat/completions"
ANSWER = {
    "id": "chatcmpl-1",
    "model": "gpt-4o-mini",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello"}}],
    "usage": {"prompt_tokens": 11, "completion_tokens": 4, "total_tokens": 15},
}


@dataclass
class StillClock:
    """A `Clock` that moves only when it is told to, or when somebody sleeps."""

    seconds: float = 100.0
    name: Literal["real", "virtual"] = "real"

    def now(self) -> float:
        """Return the seconds so far."""
        return self.seconds

    wall = time = now

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.seconds += seconds

    def sleep_until(self, moment: float) -> None:
        """Move on to a moment."""
        self.seconds = max(self.seconds, moment)

    async def async_sleep(self, seconds: float) -> None:
        """Move on."""
        self.sleep(seconds)

    async def async_sleep_until(self, moment: float) -> None:
        """Move on to a moment."""
        self.sleep_until(moment)


@dataclass
class KeptLines:
    """Keeps what is written."""

    lines: list[bytes] = field(default_factory=list)

    def append(self, line: bytes) -> bool:
        """Keep one line."""
        self.lines.append(line)
        return True

    @property
    def read(self) -> list[dict[str, Any]]:
        """The lines as what they say, but for what calls tell of models."""
        return [line for line in map(json.loads, self.lines) if line not in self.models]

    @property
    def models(self) -> list[dict[str, Any]]:
        """What calls told of models."""
        told = [line for line in map(json.loads, self.lines) if line["kind"] == "model"]
        return [line for line in told if line["source"] != "told"]


@dataclass
class Hearing:
    """A `Listener` that remembers, and may fail all the same."""

    is_wanted: bool = True
    error: Exception | None = None
    heard: list[tuple[Owner, Recorded]] = field(default_factory=list)

    def hear(self, owner: Owner, told: Told) -> None:
        """Remember it, or fail."""
        self.heard.append((owner, told.event))
        if self.error is not None:
            raise self.error


@dataclass
class Bench:
    """A telemetry and all that it is made of; `test` is the owner that runs."""

    lines: KeptLines = field(default_factory=KeptLines)
    clock: StillClock = field(default_factory=StillClock)
    faults: FaultLog = field(default_factory=FaultLog)
    test: Owner = field(
        default_factory=lambda: Owner("test_it.py::test_it", stage="call", keeps_calls=True)
    )
    keeps_content: bool = False
    predictors: tuple[Predictor, ...] = ()
    listeners: tuple[Listener, ...] = ()

    def __post_init__(self) -> None:
        self.event_log = EventLog(
            self.lines, run_id="run", faults=self.faults, listeners=self.listeners
        )
        self.ownership = Ownership(Owner())
        self.ownership.enter(self.test)
        self.telemetry = Telemetry(
            event_log=self.event_log,
            ownership=self.ownership,
            clock=self.clock,
            prices=price_book(Prices()),
            predictors=self.predictors,
        )
        self.recorder = Recorder(
            telemetry=self.telemetry, apis=default_apis(), keeps_content=self.keeps_content
        )

    def call(self, status: int = 200, **asked: Any) -> dict[str, Any]:
        """Make a whole call that takes a second; return its event's fields."""
        attempt = self.recorder.begin("httpx", request(**asked))
        assert attempt is not None
        attempt.responded(status, [("content-type", "application/json")], decoded=True)
        attempt.chunk(json.dumps(ANSWER if status == 200 else {"error": "no"}).encode())
        self.clock.seconds += 1
        attempt.end()
        return self.test.calls[-1].fields


def request(url: str = CHAT, *, headers: dict[str, str] | None = None, **asked: Any) -> Request:
    """Return a request for a chat."""
    body = {"model": "gpt-4o-mini", "messages": [], **asked}
    return Request("POST", url, headers or {}, json.dumps(body).encode())
