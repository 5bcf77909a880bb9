"""Requests to providers that are no calls, and what their answers tell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.telemetry.samples import request

from understudy.calls import Request

if TYPE_CHECKING:
    from tests.unit.telemetry.samples import Bench

RESPONSES = "https://api.openai.com/v1/responses"
POLL = f"{RESPONSES}/resp_1"
USAGE = {"input_tokens": 7, "output_tokens": 3, "total_tokens": 10}
QUEUED = {"id": "resp_1", "object": "response", "status": "queued", "usage": None}
DONE = {**QUEUED, "status": "completed", "usage": USAGE}
JSON = "application/json"


def exchange(
    bench: Bench, asked: Request, answer: Any, *, status: int = 200, kind: str = JSON
) -> None:
    """Send a request, and read the answer to its end; bytes are sent as they are."""
    attempt = bench.recorder.begin("httpx", asked)
    assert attempt is not None
    attempt.responded(status, [("content-type", kind)], decoded=True)
    attempt.chunk(answer if isinstance(answer, bytes) else json.dumps(answer).encode())
    attempt.end()


def get(url: str = POLL) -> Request:
    """Return a request for what is kept there."""
    return Request("GET", url, {}, b"")


def counted(bench: Bench) -> list[tuple[int | None, int | None]]:
    """Return input and output of each call."""
    events = [call.event for call in bench.test.calls]
    return [(event.input_tokens, event.output_tokens) for event in events]


def added_later(bench: Bench) -> list[dict[str, Any]]:
    """Return what was added to events after they were written."""
    return [line for line in bench.lines.read if line["kind"] == "annotation"]


def test_the_first_poll_with_usage_is_the_one_that_counts(bench: Bench) -> None:
    """Those before bring nothing, those after nothing new."""
    exchange(bench, request(RESPONSES, input="x"), QUEUED)
    for answer in (QUEUED, DONE, {**DONE, "usage": {**USAGE, "input_tokens": 70}}):
        exchange(bench, get(f"{POLL}?include=a"), answer)

    assert counted(bench) == [(7, 3)]
    (added,) = added_later(bench)
    assert (added["input_tokens"], added["usage_source"]) == (7, "provider")
    assert (added["usage_raw"], bench.recorder.unread) == (USAGE, {})


def test_the_usage_goes_to_who_asked(bench: Bench) -> None:
    """Not to the test in which it was fetched."""
    exchange(bench, request(RESPONSES, input="x"), QUEUED)
    bench.ownership.leave()

    exchange(bench, get(), DONE)

    assert counted(bench) == [(7, 3)]
    assert bench.ownership.run.count == 0


def test_a_stream_that_broke_off_is_made_up_for(bench: Bench) -> None:
    """A GET takes it up where it ended, as a stream."""
    began = {"type": "response.created", "response": QUEUED}
    ended = {"type": "response.completed", "response": DONE}
    attempt = bench.recorder.begin("httpx", request(RESPONSES, input="x", stream=True))
    assert attempt is not None
    attempt.responded(200, [("content-type", "text/event-stream")], decoded=True)
    attempt.chunk(f"data: {json.dumps(began)}\n\n".encode())
    attempt.fail(ConnectionError("lost"))

    stream = f"data: {json.dumps(ended)}\n\n".encode()
    exchange(bench, get(f"{POLL}?stream=true"), stream, kind="text/event-stream")

    assert counted(bench) == [(7, 3)]


def test_a_poll_of_what_was_counted_adds_nothing(bench: Bench) -> None:
    """Nor does one of a call that somebody else made; both are polls and no more."""
    exchange(bench, request(RESPONSES, input="x"), DONE)
    exchange(bench, get(), DONE)
    exchange(bench, get(f"{RESPONSES}/resp_2"), DONE)
    exchange(bench, get("https://api.openai.com/v1/chat/completions/c"), {"usage": USAGE})

    assert (counted(bench), added_later(bench), bench.recorder.unread) == ([(7, 3)], [], {})
    assert bench.recorder.passed_by == 3


def test_a_cancelled_answer_is_billed_up_to_there(bench: Bench) -> None:
    """What cancels it is told its usage."""
    exchange(bench, request(RESPONSES, input="x"), QUEUED)

    exchange(bench, Request("POST", f"{POLL}/cancel", {}, b""), {**DONE, "status": "cancelled"})

    assert counted(bench) == [(7, 3)]


def test_geminis_interactions_are_polled_too(bench: Bench) -> None:
    """Their usage has other names."""
    url = "https://generativelanguage.googleapis.com/v1beta/interactions"
    usage = {"total_input_tokens": 7, "total_output_tokens": 3}
    exchange(bench, request(url, input="x"), {"id": "i1", "status": "in_progress"})

    exchange(bench, get(f"{url}/i1"), {"id": "i1", "status": "completed", "usage": usage})

    assert counted(bench) == [(7, 3)]


@pytest.mark.parametrize(
    ("method", "url", "answer", "name"),
    [
        ("POST", "https://api.openai.com/v1/threads/t/runs", {"usage": USAGE}, "openai.assistants"),
        ("GET", "https://api.openai.com/v1/batches/b", {"usage": USAGE}, "aux.batches"),
        (
            "GET",
            "https://api.anthropic.com/v1/messages/batches/b/results",
            {"result": {"message": {"usage": USAGE}}},
            "aux.batches",
        ),
        ("POST", "https://api.mistral.ai/v1/ocr", {"usage_info": {"pages": 1}}, "mistral.ocr"),
        (
            "POST",
            "https://api.cohere.com/v1/classify",
            {"meta": {"billed_units": {"classifications": 1}}},
            "cohere.classify.v1",
        ),
        (
            "POST",
            "https://api.deepinfra.com/v1/inference/meta-llama/x",
            {"inference_status": {"tokens_input": 4, "cost": 0.001}},
            "other at deepinfra",
        ),
        (
            "POST",
            "https://generativelanguage.googleapis.com/v1beta/cachedContents",
            {"usageMetadata": {"totalTokenCount": 9}},
            "aux.cachedContents",
        ),
    ],
)
def test_usage_that_no_codec_reads_is_named(
    bench: Bench, method: str, url: str, answer: dict[str, Any], name: str
) -> None:
    """A repeated GET tells the same usage again."""
    exchange(bench, Request(method, url, {}, b"{}"), answer)
    exchange(bench, get(url), answer)
    exchange(bench, get(url), answer)

    assert bench.recorder.unread == {name: 1 if method == "GET" else 2}
    assert bench.test.calls == []


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://api.openai.com/v1/videos", "openai.videos"),
        ("https://generativelanguage.googleapis.com/v1/models/imagen-4:predict", "google.predict"),
        ("https://api.replicate.com/v1/models/a/b/predictions", "replicate.predictions"),
        ("https://api.perplexity.ai/search", "perplexity.search"),
    ],
)
def test_what_is_billed_without_usage_is_named(bench: Bench, url: str, name: str) -> None:
    """Where it is posted and not refused; to look at it costs nothing."""
    exchange(bench, Request("POST", url, {}, b"{}"), {"id": "x"})
    exchange(bench, Request("POST", url, {}, b"{}"), {"error": "no"}, status=400)
    exchange(bench, get(f"{url}?a=b"), {"id": "x"})

    assert (bench.recorder.unread, bench.recorder.billed) == ({}, {name: 1})


def test_models_that_are_asked_may_tell_usage(bench: Bench) -> None:
    """By a method that no codec knows; lists of them are not even looked at."""
    url = "https://generativelanguage.googleapis.com/v1beta/models"

    exchange(bench, Request("POST", f"{url}/aqa:generateAnswer", {}, b"{}"), {"usage": USAGE})

    assert bench.recorder.begin("httpx", get(url)) is None
    assert bench.recorder.unread == {"aux.models": 1}


@pytest.mark.parametrize(
    ("answer", "status", "kind"),
    [
        ({"id": "file", "usage": {}}, 200, JSON),
        ({"usage": {"input_tokens": 0, "input_tokens_details": {"cached_tokens": 0}}}, 200, JSON),
        ({"usage": USAGE}, 500, JSON),
        ({"usage": USAGE}, 200, "application/octet-stream"),
        (b'{"usage": {"input_tokens": 7}, "more": "' + b"x" * 4_000_000 + b'"}', 200, JSON),
        (b"\xff", 200, JSON),
    ],
    ids=["none", "nothing yet", "refused", "a file", "too long", "no JSON"],
)
def test_other_answers_tell_nothing(bench: Bench, answer: Any, status: int, kind: str) -> None:
    """And a fault is none of theirs."""
    exchange(
        bench,
        Request("POST", "https://api.openai.com/v1/threads/t/runs", {}, b"{}"),
        answer,
        status=status,
        kind=kind,
    )

    assert (bench.recorder.unread, bench.recorder.passed_by) == ({}, 1)
    assert bench.faults.counts == {}


def test_a_poll_that_finds_no_answer_changes_nothing(bench: Bench) -> None:
    """The next one may."""
    exchange(bench, request(RESPONSES, input="x"), QUEUED)
    failing = bench.recorder.begin("httpx", get())
    assert failing is not None

    failing.fail(ConnectionError("lost"))
    failing.close()
    exchange(bench, get(), DONE)

    assert counted(bench) == [(7, 3)]
