"""From what the taps see to events."""

from __future__ import annotations

import asyncio
import gzip
import json
from typing import Any

import pytest
from tests.unit.telemetry.samples import ANSWER, CHAT, Bench, request

from understudy.calls import Origin, Request
from understudy.clock import VirtualClock
from understudy.mock import MockError
from understudy.telemetry import CallObservation, Owner

PIECES = [
    {"id": "1", "model": "gpt-4o-mini", "choices": [{"index": 0, "delta": {"role": "assistant"}}]},
    {"id": "1", "model": "gpt-4o-mini", "choices": [{"index": 0, "delta": {"content": "Hello"}}]},
    {
        "id": "1",
        "model": "gpt-4o-mini",
        "choices": [],
        "usage": {"prompt_tokens": 11, "completion_tokens": 4},
    },
]
STREAM = [*(f"data: {json.dumps(piece)}\n\n".encode() for piece in PIECES), b"data: [DONE]\n\n"]


def begun(bench: Bench, **asked: Any) -> CallObservation:
    """Begin an attempt."""
    attempt = bench.recorder.begin("httpx", request(**asked))
    assert isinstance(attempt, CallObservation)
    return attempt


def streaming(bench: Bench) -> CallObservation:
    """Begin a stream whose headers have come."""
    attempt = begun(bench, stream=True)
    attempt.responded(200, [("content-type", "text/event-stream")], decoded=True)
    return attempt


def test_a_call_is_an_event(bench: Bench) -> None:
    """With what was asked and answered, when and for whom."""
    fields = bench.call()

    assert bench.lines.read == [{"kind": "event", **json.loads(json.dumps(fields))}]
    event = bench.test.calls[0].event
    assert (event.provider, event.wire_api, event.operation) == ("openai", "openai.chat", "chat")
    assert (event.host, event.http_status, event.status) == ("api.openai.com", 200, "ok")
    assert (event.input_tokens, event.output_tokens, event.usage_source) == (11, 4, "provider")
    assert event.usage_raw == ANSWER["usage"]
    assert (event.ttfb_ms, event.ttfc_ms, event.duration_ms) == (0, 1000, 1000)
    assert (event.run_id, event.phase_id, event.stage) == ("run", "test_it.py::test_it", "call")


def test_a_stream_has_its_first_content(bench: Bench) -> None:
    """Not its first byte, and not its last."""
    attempt = streaming(bench)

    for piece in STREAM:
        bench.clock.seconds += 1
        attempt.chunk(piece)
    attempt.end()

    event = bench.test.calls[0].event
    assert (event.ttfb_ms, event.ttfc_ms, event.duration_ms) == (1000, 2000, 4000)
    assert (event.stream, event.status, event.output_tokens) == (True, "ok", 4)


@pytest.mark.parametrize(
    ("pieces", "ending", "status", "kind"),
    [
        (4, None, "ok", None),
        (1, None, "cancelled", None),
        (1, ValueError("cut"), "error", "ValueError"),
        (1, asyncio.CancelledError(), "cancelled", "CancelledError"),
        (1, GeneratorExit(), "cancelled", "GeneratorExit"),
        (0, None, "cancelled", None),
    ],
)
def test_a_stream_that_was_given_up(
    bench: Bench, pieces: int, ending: BaseException | None, status: str, kind: str | None
) -> None:
    """What came of it is read; a whole one is whole, however it was closed."""
    attempt = streaming(bench)
    for piece in STREAM[:pieces]:
        attempt.chunk(piece)

    attempt.fail(ending) if ending else attempt.close()

    event = bench.test.calls[0].event
    assert (event.status, event.error_type) == (status, kind)
    assert event.request_model == "gpt-4o-mini"


def test_an_attempt_without_an_answer(bench: Bench) -> None:
    """It knows what was asked; its error is redacted."""
    attempt = begun(bench, headers={"authorization": "Bearer very-secret-word"})

    attempt.fail(ConnectionError("refused very-secret-word"))

    event = bench.test.calls[0].event
    assert (event.status, event.http_status, event.request_model) == ("error", None, "gpt-4o-mini")
    assert (event.error_type, event.error) == ("ConnectionError", "refused [redacted]")
    assert event.ttfc_ms is None


def test_only_the_first_ending_counts(bench: Bench) -> None:
    """Clients close what they have read to the end."""
    attempt = streaming(bench)

    attempt.end()
    attempt.close()
    attempt.fail(ValueError())

    assert len(bench.test.calls) == 1


def test_what_nobody_ends_is_flushed(bench: Bench) -> None:
    """That of one owner, or of all; each once."""
    other = Owner("b")
    mine = streaming(bench)
    bench.ownership.enter(other)
    begun(bench)

    bench.recorder.flush(bench.test)
    flushed = [len(bench.test.calls), other.count]
    bench.recorder.flush()
    mine.close()

    assert flushed == [1, 0]
    assert (len(bench.test.calls), other.count) == (1, 1)


def test_a_retry_continues_its_call(bench: Bench) -> None:
    """With the next number."""
    first, second, third = bench.call(status=500), bench.call(), bench.call()

    assert [each["attempt"] for each in (first, second, third)] == [1, 2, 1]
    assert first["call_id"] == second["call_id"] != third["call_id"]


def test_what_is_no_call_is_passed_by(bench: Bench) -> None:
    """Requests to providers are counted, others are nobody's business."""
    assert (
        bench.recorder.begin("httpx", Request("GET", "https://api.openai.com/v1/models", {}, b""))
        is None
    )
    assert bench.recorder.begin("httpx", Request("GET", "https://example.com/", {}, b"")) is None

    assert bench.recorder.passed_by == 1


def test_an_ignored_owner_is_not_recorded(bench: Bench) -> None:
    """Nor counted."""
    bench.test.is_ignored = True

    assert bench.recorder.begin("httpx", request()) is None
    assert (
        bench.recorder.begin("httpx", Request("GET", "https://api.openai.com/v1/models", {}, b""))
        is None
    )

    assert bench.recorder.passed_by == 0


def test_where_the_answer_came_from_is_noted(bench: Bench) -> None:
    """Live unless somebody says otherwise."""
    attempt = begun(bench)
    attempt.answered({"origin": Origin.REPLAYED})
    attempt.responded(200, [], decoded=True)
    attempt.end()

    assert bench.test.calls[0].event.origin == "replayed"


def test_an_answer_is_timed_on_its_own_clock(bench: Bench) -> None:
    """And its fields are those of the event; usage that never came has no source."""
    attempt = begun(bench)
    fields = {"origin": Origin.MOCKED, "clock": "virtual", "profile": "slow"}
    clock = VirtualClock()
    attempt.answered({**fields, "usage_source": "estimated"}, clock)
    attempt.responded(500, [], decoded=True)
    clock.advance(3)
    attempt.end()

    (recorded,) = bench.test.calls
    event = recorded.event
    assert (event.clock, event.profile, event.origin) == ("virtual", "slow", "mocked")
    assert (event.duration_ms, event.usage_source) == (3000.0, "none")


def test_a_call_that_we_refused_came_from_nowhere(bench: Bench) -> None:
    """Unlike one that found no connection."""
    begun(bench).fail(MockError("no answer"))
    begun(bench).fail(ConnectionError("refused"))

    assert [recorded.event.origin for recorded in bench.test.calls] == [None, "live"]


@pytest.mark.parametrize("keeps_content", [True, False])
def test_content_is_stored_only_if_asked_for(*, keeps_content: bool) -> None:
    """What was asked and answered is in memory either way."""
    bench = Bench(keeps_content=keeps_content)

    fields = bench.call()

    assert ("request_content" in fields) is keeps_content
    assert fields.get("response_content") == ("Hello" if keeps_content else None)
    exchange = bench.test.calls[0].read()
    assert exchange is not None
    assert exchange.text == "Hello"


def test_content_is_stored_without_secrets_and_cut() -> None:
    """By whoever cleans; a key that the cut would halve is gone before it."""
    bench = Bench(keeps_content=True)
    text = "a " * 499_950 + "Bearer gw-live-77aa88bb " + "b" * 2_000

    fields = bench.call(messages=[{"role": "user", "content": text}])

    assert len(fields["request_content"]) == 1_000_000
    assert "77aa" not in fields["request_content"]
    assert "Bearer [redacted" in fields["request_content"]


def test_content_that_was_compressed_is_stored_as_text() -> None:
    """What nobody can read is no content."""
    bench = Bench(keeps_content=True)
    plain = request()
    asked = Request("POST", CHAT, {"content-encoding": "gzip"}, gzip.compress(plain.body))
    attempt = bench.recorder.begin("httpx", asked)
    assert attempt is not None

    attempt.fail(ConnectionError())

    assert bench.test.calls[0].fields["request_content"] == plain.body.decode()


def test_an_answer_that_the_client_goes_on_from_counts_no_more(bench: Bench) -> None:
    """Neither its status nor its bytes, nor where it came from; the time is that of all."""
    attempt = begun(bench)
    attempt.answered({"origin": Origin.REPLAYED})
    attempt.responded(307, [("location", "/new")], decoded=True)
    attempt.chunk(b"moved")
    bench.clock.seconds += 2
    moved = Request("POST", "https://eu.api.openai.com/v1/chat/completions", {}, b"")

    assert bench.recorder.go_on(attempt, "httpx", moved, since=2.0) is attempt
    attempt.responded(200, [("content-type", "application/json")], decoded=True)
    attempt.chunk(json.dumps(ANSWER).encode())
    attempt.end()

    event = bench.test.calls[0].event
    assert (event.http_status, event.origin, event.host) == (200, "live", "eu.api.openai.com")
    assert (event.request_model, event.input_tokens, event.duration_ms) == (
        "gpt-4o-mini",
        11,
        2000,
    )
    assert len(bench.test.calls) == 1


def test_a_call_that_the_client_came_to_began_with_its_first_request(bench: Bench) -> None:
    """Which nobody watched, since it was none."""
    bench.clock.seconds += 3

    attempt = bench.recorder.go_on(None, "httpx", request(), since=3.0)
    assert attempt is not None
    attempt.fail(ConnectionError())

    assert bench.test.calls[0].event.duration_ms == 3000


@pytest.mark.parametrize(
    ("sent", "answer", "seen"),
    [
        (b'{"model": "m", "messages": []}', {}, "m"),
        (b'{"text": "hello"}', {"usage": {"input_tokens": 1}}, None),
        (b"", {"type": "message", "model": "claude", "usage": {"input_tokens": 1}}, "claude"),
        (b"", {"id": 5}, None),
    ],
    ids=["body", "another body", "answer", "another answer"],
)
def test_a_call_whose_body_is_streamed_is_known_at_its_end(
    bench: Bench, sent: bytes, answer: dict[str, Any], seen: str | None
) -> None:
    """By the body where it was seen when it was sent, else by the answer."""
    asked = Request("POST", "http://127.0.0.1:4000/v1/messages", {}, b"")
    attempt = bench.recorder.begin("httpx", asked)
    assert attempt is not None

    if sent:
        bench.recorder.sent(attempt, sent)
    attempt.responded(200, [("content-type", "application/json")], decoded=True)
    attempt.chunk(json.dumps(answer).encode())
    attempt.end()

    assert [call.event.model for call in bench.test.calls] == ([seen] if seen else [])


def test_content_of_a_call_without_an_answer() -> None:
    """There is only what was asked."""
    bench = Bench(keeps_content=True)

    begun(bench).fail(ConnectionError())

    fields = bench.test.calls[0].fields
    assert "request_content" in fields
    assert "response_content" not in fields


def test_a_fault_of_ours_loses_the_event_and_nothing_else(bench: Bench) -> None:
    """An exception that cannot say what it is."""

    class BrokenError(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    begun(bench).fail(BrokenError())

    assert bench.recorder.passed_by == 0
    assert sum(bench.faults.counts.values()) + len(bench.test.calls) == 1


def test_faults_of_taps_are_counted(bench: Bench) -> None:
    """They tell the recorder."""
    bench.recorder.fault(ValueError("no"))

    assert bench.faults.lines() == ["1 fault while watching an HTTP request: ValueError: no"]


def test_compressed_answers_are_read(bench: Bench) -> None:
    """Where the client hands on what came over the wire."""
    attempt = begun(bench, url=CHAT)
    headers = [("content-type", "application/json"), ("content-encoding", "gzip")]
    attempt.responded(200, headers, decoded=False)
    attempt.chunk(gzip.compress(json.dumps(ANSWER).encode()))
    attempt.end()

    assert bench.test.calls[0].event.input_tokens == 11
