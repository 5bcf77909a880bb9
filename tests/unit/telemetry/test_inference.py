"""What calls by themselves tell of operations."""

from __future__ import annotations

import json
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.telemetry.samples import CHAT, Bench

from understudy import lifecycle
from understudy.calls import Request
from understudy.telemetry import _lifecycle, activated

if TYPE_CHECKING:
    from collections.abc import Iterator

MESSAGES = "https://api.anthropic.com/v1/messages"
ASKED = [{"role": "user", "content": "Where is Oslo?"}]
JSON = {"type": "json_object"}


@pytest.fixture
def bench() -> Iterator[Bench]:
    """Telemetry of a run in which one test runs, active in this process."""
    bench = Bench()
    with activated(bench.telemetry):
        yield bench


def ask(
    bench: Bench,
    text: str = "Norway",
    *,
    url: str = CHAT,
    status: int = 200,
    retry: int | None = None,
    tools: bool = False,
    **asked: Any,
) -> None:
    """Make a whole call that is answered with `text`."""
    headers = {} if retry is None else {"x-stainless-retry-count": str(retry)}
    body = json.dumps({"model": "m", "messages": ASKED, **asked}).encode()
    attempt = bench.recorder.begin("httpx", Request("POST", url, headers, body))
    assert attempt is not None
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if tools:
        call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": text}}
        message |= {"content": None, "tool_calls": [call]}
    answer: dict[str, Any] = {"choices": [{"index": 0, "message": message}]}
    refusal = {"error": {"type": "overloaded_error", "message": "no"}}
    named = [("server", "llama.cpp"), ("content-type", "application/json")]
    attempt.responded(status, named, decoded=True)
    attempt.chunk(json.dumps(answer if status == 200 else refusal).encode())
    attempt.end()


def quoting(text: str) -> list[dict[str, Any]]:
    """Return a conversation that goes on after an answer."""
    return [
        *ASKED,
        {"role": "assistant", "content": text},
        {"role": "user", "content": "No: answer in JSON."},
    ]


def inferred(bench: Bench) -> list[dict[str, Any]]:
    """Return what was inferred, as a test sees it."""
    events = [each.event(bench.telemetry.prices) for each in bench.test.lifecycle]
    found = [event.model_dump(exclude_none=True) for event in events]
    return [event for event in found if event["inferred"]]


def written(bench: Bench) -> list[str]:
    """Return the types of the events in the journal."""
    return [line["event_type"] for line in bench.lines.read if line["kind"] == "lifecycle"]


def test_a_retry_is_a_repair_of_the_transport(bench: Bench) -> None:
    """With the category of the failure before it, and the call that it belongs to."""
    ask(bench, status=529, retry=0)
    ask(bench, status=529, retry=1)
    ask(bench, retry=2)

    first, second = inferred(bench)
    assert first["event_type"] == "llm_repair_attempt"
    assert (first["attempt_number"], second["attempt_number"]) == (1, 2)
    assert (first["cause"], first["error_category"]) == ("transport", "overloaded_error")
    assert first["call_id"] == second["call_id"] == bench.test.calls[0].fields["call_id"]


def test_the_same_question_to_another_provider_is_a_failover(bench: Bench) -> None:
    """After the first gave up."""
    ask(bench, status=529)
    ask(bench, url=MESSAGES)

    (event,) = inferred(bench)
    assert event["event_type"] == "llm_provider_failover"
    assert (event["from_provider"], event["to_provider"]) == ("openai", "anthropic")
    assert event["reason"] == "overloaded_error"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"status": 529}, {"url": MESSAGES, "messages": [{"role": "user", "content": "Other?"}]}),
        ({}, {"url": MESSAGES}),
        ({"status": 529}, {"model": "another"}),
    ],
    ids=["another question", "the first answered", "the same provider"],
)
def test_what_is_no_failover(bench: Bench, first: dict[str, Any], second: dict[str, Any]) -> None:
    """Two questions to two providers are two questions."""
    ask(bench, **first)
    ask(bench, **second)

    assert inferred(bench) == []


def test_a_server_that_names_itself_in_its_answers_is_no_other_provider(bench: Bench) -> None:
    """Before it answers, its address is all that is known of it."""
    server = "http://127.0.0.1:8080/v1/chat/completions"

    ask(bench, url=server, status=400)
    ask(bench, url=server)
    ask(bench, url=server.replace("127.0.0.1", "10.0.0.5"), status=400)
    ask(bench)

    (event,) = inferred(bench)
    assert (event["from_provider"], event["to_provider"]) == ("10.0.0.5:8080", "openai")


def test_a_question_that_quotes_what_is_no_json_is_a_repair_of_the_content(bench: Bench) -> None:
    """Where JSON was asked for."""
    ask(bench, "Norway, I think", response_format=JSON)
    ask(bench, "Still words", response_format=JSON, messages=quoting("Norway, I think"))
    ask(bench, "{}", response_format=JSON, messages=[*quoting("Norway"), *quoting("Still words")])

    first, second = inferred(bench)
    assert (first["cause"], first["error_category"]) == ("content", "json_invalid")
    assert (first["attempt_number"], second["attempt_number"]) == (1, 2)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"text": "{}", "response_format": JSON}, {"messages": quoting("{}")}),
        ({"text": "words"}, {"messages": quoting("words")}),
        ({"text": "words", "response_format": JSON}, {"messages": quoting("others") * 2}),
    ],
    ids=["it was JSON", "nobody asked for JSON", "another conversation"],
)
def test_what_is_no_repair(bench: Bench, first: dict[str, Any], second: dict[str, Any]) -> None:
    """A conversation that goes on is none."""
    ask(bench, **first)
    ask(bench, **second)

    assert inferred(bench) == []


@pytest.mark.parametrize("tools", [False, True], ids=["text", "tool call"])
def test_a_question_that_quotes_an_answer_which_failed_its_check_is_a_repair(
    bench: Bench, *, tools: bool
) -> None:
    """By its text, or by the id of its tool call."""
    ask(bench, "Norway", tools=tools)
    lifecycle.send(lifecycle.validation_result(passed=False, error_category="schema"))
    ask(bench, messages=[*quoting("Norway"), {"role": "tool", "tool_call_id": "call_1"}])

    (event,) = inferred(bench)
    assert (event["cause"], event["error_category"]) == ("content", "schema")


def test_a_check_that_passed_takes_the_word_back(bench: Bench) -> None:
    """What comes next is no repair."""
    ask(bench, "Norway")
    lifecycle.send(lifecycle.validation_result(passed=False))
    lifecycle.send(lifecycle.validation_result(passed=True))
    ask(bench, messages=quoting("Norway"))

    assert inferred(bench) == []


@pytest.mark.parametrize("says_it", ["before", "after"])
def test_what_the_application_tells_is_not_inferred(bench: Bench, says_it: str) -> None:
    """Whether it tells it before the next attempt or after it has begun."""
    with lifecycle.generation() as operation:
        ask(bench, status=529, retry=0)
        if says_it == "before":
            operation.repair("busy")
        ask(bench, status=529, retry=1)
        if says_it == "after":
            lifecycle.send(lifecycle.repair_attempt(attempt_number=1, cause="transport"))
    lifecycle.on_failover("openai", "anthropic", "busy")
    ask(bench, url=MESSAGES)
    bench.recorder.flush(bench.test)

    assert inferred(bench) == []
    assert written(bench).count("llm_repair_attempt") == 1
    assert written(bench).count("llm_provider_failover") == 1


def test_a_repair_of_the_content_does_not_stand_for_a_retry(bench: Bench) -> None:
    """The request was sent again, and its answer then asked for anew: two repairs."""
    with lifecycle.generation() as operation:
        ask(bench, status=529, retry=0)
        ask(bench, "Norway", retry=1)
        operation.validated(passed=False, error_category="schema")
        operation.repair("schema")
        ask(bench, messages=quoting("Norway"))

    (retry,) = inferred(bench)
    assert retry["cause"] == "transport"
    assert written(bench).count("llm_repair_attempt") == 2


def test_what_was_inferred_is_written_when_nobody_told_it(bench: Bench) -> None:
    """At the next call, or at the end of its test."""
    ask(bench, status=529, retry=0)
    ask(bench, status=529, retry=1)
    assert written(bench) == []
    ask(bench, retry=2)
    assert written(bench) == ["llm_repair_attempt"]

    bench.recorder.flush(bench.test)

    assert written(bench) == ["llm_repair_attempt"] * 2


def test_what_is_inferred_belongs_to_the_operation_around_it(bench: Bench) -> None:
    """The innermost, through a tracker too."""
    with lifecycle.generation(tool_name="outer"), lifecycle.generation(tool_name="edit"):
        ask(bench, status=529, retry=0)
        with bench.telemetry.tracker():
            ask(bench, retry=1)

    (event,) = inferred(bench)
    started = bench.test.lifecycle[1].line
    assert (event["tool_name"], event["operation_id"]) == ("edit", started["operation_id"])


def test_what_waits_for_the_application_waits_no_longer_than_memory_lasts(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tasks that end without a further call leave something waiting, in a program that goes on."""
    monkeypatch.setattr(_lifecycle, "_MOST_WAITING", 1)

    def retried() -> None:
        ask(bench, status=529, retry=0)
        ask(bench, retry=1)

    copy_context().run(retried)
    assert written(bench) == []
    copy_context().run(retried)

    assert written(bench) == ["llm_repair_attempt"]
