"""What the application says of its calls."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from tests.unit.telemetry.samples import request

from understudy.telemetry import LLMCallTracker, activated

if TYPE_CHECKING:
    from tests.unit.telemetry.samples import Bench


class BrokenError(Exception):
    """An exception that cannot say what it is."""

    def __str__(self) -> str:
        msg = "broken too"
        raise RuntimeError(msg)


def test_without_telemetry_a_tracker_does_nothing() -> None:
    """Every method may be called."""
    with LLMCallTracker(subject_id="s", tier="L2") as tracker:
        tracker.mark_first_content()
        tracker.set_reducer_stats(1, 1, 0)
        tracker.set_usage(input_tokens=1)
        tracker.escalate("why")
    tracker.finish()


def test_it_finds_the_telemetry_that_runs(bench: Bench) -> None:
    """That of the process, when none is given."""
    with activated(bench.telemetry), LLMCallTracker(model="local"):
        pass

    assert [line["request_model"] for line in bench.lines.read] == ["local"]


def test_labels_stand_in_the_line_of_a_call(bench: Bench) -> None:
    """They are there when it is written, not annotated later."""
    with bench.telemetry.tracker(subject_id="s", tier="L4"):
        bench.call()

    (line,) = bench.lines.read
    assert (line["subject_id"], line["tier"]) == ("s", "L4")


def test_results_are_annotated(bench: Bench) -> None:
    """The call was written before they were known."""
    with bench.telemetry.tracker() as tracker:
        fields = bench.call()
        tracker.set_reducer_stats(3, 2, 1)

    event, annotation = bench.lines.read
    assert annotation == {
        "kind": "annotation",
        "event_id": event["event_id"],
        "lines_emitted": 3,
        "lines_accepted": 2,
        "lines_rejected": 1,
    }
    assert fields["lines_accepted"] == 2


def test_without_results_nothing_is_annotated(bench: Bench) -> None:
    """A tracker that only labels costs no line."""
    with bench.telemetry.tracker(subject_id="s"):
        bench.call()

    assert [line["kind"] for line in bench.lines.read] == ["event"]


def test_only_the_first_end_counts(bench: Bench) -> None:
    """Finishing twice writes once; finishing what never began writes nothing."""
    bench.telemetry.tracker().finish()
    tracker = bench.telemetry.tracker().start().start()
    tracker.finish()
    tracker.finish(ValueError("late"))

    (line,) = bench.lines.read
    assert line["status"] == "ok"


def test_times_are_those_of_the_clock(bench: Bench) -> None:
    """From start to first mark and to finish, in milliseconds."""
    tracker = bench.telemetry.tracker().start()
    bench.clock.seconds += 0.25
    tracker.mark_first_content()
    bench.clock.seconds += 0.5
    tracker.mark_first_content()
    tracker.finish()

    (line,) = bench.lines.read
    assert (line["ttfc_ms"], line["duration_ms"]) == (250, 750)


@pytest.mark.parametrize(
    ("error", "status", "kind", "words"),
    [
        (ValueError("no"), "error", "ValueError", "no"),
        (asyncio.CancelledError(), "cancelled", "CancelledError", None),
        (ValueError("Bearer abcdefghijklmnop"), "error", "ValueError", "Bearer [redacted]"),
        (ValueError("a" * 999), "error", "ValueError", "a" * 500),
        (BrokenError(), "error", "BrokenError", None),
        (KeyboardInterrupt(), "error", "KeyboardInterrupt", None),
    ],
)
def test_an_error_is_written_without_keys(
    bench: Bench, error: BaseException, status: str, kind: str, words: str | None
) -> None:
    """Cut at 500 characters, and whatever it can say of itself."""
    bench.telemetry.tracker().start().finish(error)

    (line,) = bench.lines.read
    assert (line["status"], line["error_type"], line.get("error")) == (status, kind, words)


def test_a_call_keeps_its_own_error(bench: Bench) -> None:
    """What the provider said goes before what the SDK made of it."""
    tracker = bench.telemetry.tracker().start()
    fields = bench.call(status=500)
    tracker.finish(ValueError("theirs"))

    assert fields["error_type"] != "ValueError"


def test_results_go_to_the_attempt_that_ends_last(bench: Bench) -> None:
    """Two are open when the tracker finishes."""
    with bench.telemetry.tracker() as tracker:
        attempts = [bench.recorder.begin("httpx", request(n=n)) for n in range(2)]
        tracker.escalate("why")
    for attempt in attempts:
        assert attempt is not None
        attempt.close()

    assert [line.get("escalated") for line in bench.lines.read] == [None, True]


def test_async_trackers_record_exceptions_too(bench: Bench) -> None:
    """As the sync ones do."""

    async def fail() -> None:
        async with bench.telemetry.tracker(model="local"):
            int("no")

    with pytest.raises(ValueError, match="'no'"):
        asyncio.run(fail())

    assert bench.lines.read[0]["error_type"] == "ValueError"


def test_an_ignored_owner_leaves_nothing(bench: Bench) -> None:
    """A test that is to be ignored writes no event of its tracker either."""
    bench.test.is_ignored = True

    with bench.telemetry.tracker(model="local", subject_id="s"):
        pass

    assert bench.lines.read == []
    assert bench.telemetry.get_stats("s").calls == 0
