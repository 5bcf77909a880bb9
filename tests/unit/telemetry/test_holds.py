"""Which calls more may be told of: what keeps their lines from being handed on too early."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.unit.telemetry.samples import Bench, request

from understudy.calls import Request
from understudy.events import CallKeys
from understudy.telemetry import LLMCallTracker

RESPONSES = "https://api.openai.com/v1/responses"
QUEUED = {"id": "resp_1", "object": "response", "status": "queued", "usage": None}
USAGE = {"input_tokens": 7, "output_tokens": 3, "total_tokens": 10}


@dataclass
class Hasty:
    """Hands each line on at once, but those that are held: what is told of them then is lost."""

    held: Counter[str] = field(default_factory=Counter)
    kinds: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    lost: list[dict[str, Any]] = field(default_factory=list)

    def hold(self, key: str) -> None:
        """Wait."""
        self.held[key] += 1

    def release(self, key: str) -> None:
        """Wait no longer."""
        self.held[key] = max(0, self.held[key] - 1)

    def append(self, line: bytes) -> bool:
        """Take a line; one that adds to another has to find it held, what calls tell does not."""
        fields = json.loads(line)
        if fields["kind"] == "model":
            return True
        names = {fields.get("event_id"), *CallKeys.of(str(fields.get("call_id")))}
        is_held = any(self.held[name] for name in names if name)
        self.kinds.append(fields["kind"])
        if is_held:
            self.kept.append(fields["kind"])
        elif fields["kind"] in ("annotation", "estimate"):
            self.lost.append(fields)
        return True


@pytest.fixture
def hasty() -> Hasty:
    """Whoever cannot wait."""
    return Hasty()


@pytest.fixture
def bench(hasty: Hasty) -> Bench:
    """Telemetry that writes to it."""
    bench = Bench(lines=hasty)  # type: ignore[arg-type]
    object.__setattr__(bench.event_log, "holds", hasty)
    return bench


def nothing_is_held(hasty: Hasty) -> bool:
    """Tell whether all was let go of, and nothing was told in vain."""
    return not +hasty.held and hasty.lost == []


def test_a_call_waits_for_its_tracker(bench: Bench, hasty: Hasty) -> None:
    """Until that ends; only the last one, which results belong to."""
    with LLMCallTracker(telemetry=bench.telemetry) as tracker:
        bench.call()
        bench.call()
        tracker.set_reducer_stats(3, 2, 1)
        assert sum(hasty.held.values()) == 2  # the event, and its call

    assert hasty.kept == ["event", "event", "annotation"]
    assert nothing_is_held(hasty)


def test_a_call_waits_for_its_usage_that_is_polled_for(bench: Bench, hasty: Hasty) -> None:
    """The first answer that brings it."""
    for asked, answer in [
        (request(RESPONSES, input="x"), QUEUED),
        (Request("GET", f"{RESPONSES}/resp_1", {}, b""), {**QUEUED, "usage": USAGE}),
    ]:
        attempt = bench.recorder.begin("httpx", asked)
        assert attempt is not None
        attempt.responded(200, [("content-type", "application/json")], decoded=True)
        attempt.chunk(json.dumps(answer).encode())
        attempt.end()

    assert hasty.kept == ["event", "annotation"]
    assert nothing_is_held(hasty)


def test_a_prediction_waits_for_the_attempt_that_settles_it(bench: Bench, hasty: Hasty) -> None:
    """One that failed and may be sent again does not."""
    with bench.telemetry.estimate(5):
        bench.call(status=500)
        assert +hasty.held
        bench.call()

    assert hasty.kept == ["estimate", "event", "event"]
    assert nothing_is_held(hasty)


def test_a_call_that_is_told_all_of_waits_for_nothing(bench: Bench, hasty: Hasty) -> None:
    """Nor does one that a tracker writes itself."""
    bench.call()
    with LLMCallTracker(telemetry=bench.telemetry, model="local"):
        pass

    assert hasty.kinds == ["event", "event"]
    assert hasty.kept == []
    assert nothing_is_held(hasty)
