"""What ordinary calls tell of models: loads and thoughts, by whose clock."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest
from tests.unit.telemetry.samples import CHAT, Bench, Hearing, StillClock, request

from understudy.events.model import LoadLatency, ThoughtLatency, parse_model_event

if TYPE_CHECKING:
    from understudy.calls import Origin

OLLAMA: Final = "http://localhost:11434/api/chat"
SECOND: Final = 1_000_000_000
LAST: Final = {
    "model": "gemma2:27b",
    "message": {"content": "a"},
    "done": True,
    "done_reason": "stop",
    "total_duration": 9_120_000_000,
    "load_duration": 6_310_000_000,
    "prompt_eval_count": 41,
    "prompt_eval_duration": 210_000_000,
    "eval_count": 120,
    "eval_duration": 2_550_000_000,
}
USAGE: Final = {"prompt_tokens": 11, "completion_tokens": 5}
ANSWER: Final = {"model": "m", "choices": [{"message": {"content": "a"}}], "usage": USAGE}


def tell(
    bench: Bench,
    answer: dict[str, Any],
    *,
    url: str = CHAT,
    seconds: float = 1.0,
    origin: Origin | str | None = None,
    **asked: Any,
) -> None:
    """Make a whole call that takes so many seconds."""
    attempt = bench.recorder.begin("httpx", request(url, **asked))
    assert attempt is not None
    if origin is not None:
        attempt.answered({"origin": origin})
    attempt.responded(200, [("content-type", "application/json")], decoded=True)
    attempt.chunk(json.dumps(answer).encode())
    bench.clock.seconds += seconds
    attempt.end()


def stream(bench: Bench, pauses: list[float], usage: dict[str, Any] = USAGE) -> None:
    """Make a call whose pieces of text come after pauses, and its usage with the last."""
    attempt = bench.recorder.begin("httpx", request(stream=True))
    assert attempt is not None
    attempt.responded(200, [("content-type", "text/event-stream")], decoded=True)
    for pause in pauses:
        bench.clock.seconds += pause
        piece = {"choices": [{"index": 0, "delta": {"content": "a"}}]}
        attempt.chunk(f"data: {json.dumps(piece)}\n\n".encode())
    attempt.chunk(f"data: {json.dumps({'choices': [], 'usage': usage})}\n\n".encode())
    attempt.chunk(b"data: [DONE]\n\n")
    attempt.end()


def only(bench: Bench) -> dict[str, Any]:
    """Return the one model event."""
    (event,) = bench.lines.models
    return event


def loads(bench: Bench) -> list[float]:
    """Return how long the loads took, in seconds."""
    told = [each for each in bench.lines.models if each["event_type"] == "LOAD_LATENCY"]
    return [each["value"] for each in told]


def test_a_load_and_a_thought_of_one_call(bench: Bench) -> None:
    """The engine's clock counts, whatever the client's says."""
    tell(bench, LAST, url=OLLAMA, seconds=30, stream=False)

    load, thought = map(parse_model_event, ({**each} for each in without_kind(bench)))
    call = bench.lines.read[0]
    assert isinstance(load, LoadLatency)
    assert (load.component, load.value, load.source) == ("gemma2:27b", 6.31, "engine")
    assert load.success
    assert isinstance(thought, ThoughtLatency)
    assert (thought.component, thought.value, thought.source) == ("gemma2:27b", 23.0, "engine")
    assert (thought.decode_ms, thought.prompt_ms, thought.load_ms) == (2550, 210, 6310)
    assert (thought.tokens_generated, thought.prompt_tokens) == (120, 41)
    assert (thought.call_id, thought.phase_id) == (call["call_id"], "test_it.py::test_it")
    assert thought.metadata["latency_per_token_ms"] == 23.0
    assert len({load.event_id, thought.event_id, call["event_id"]}) == 3


def without_kind(bench: Bench) -> list[dict[str, Any]]:
    """Return the model events as they are read again."""
    return [{n: v for n, v in each.items() if n != "kind"} for each in bench.lines.models]


@pytest.mark.parametrize(
    ("took", "expected"),
    [
        ([0.1, 0.2], []),
        ([0.201, 0.201], [0.201, 0.201]),
        ([0.05, 0.24, 0.25, 0.26], [0.25, 0.26]),
        ([0.1, 0.45, 0.1, 6.3], [6.3]),
        ([3.0, 0.02, 3.0, 0.02], [3.0, 3.0]),
    ],
    ids=[
        "never as long as 200 ms",
        "nothing is known of it",
        "five times the usual",
        "late is not loaded",
        "each time anew",
    ],
)
def test_a_load_is_told_from_a_model_that_was_there(
    bench: Bench, took: list[float], expected: list[float]
) -> None:
    """By more than 200 ms, and by five times what it takes when resident."""
    for seconds in took:
        tell(bench, {**LAST, "load_duration": seconds * SECOND}, url=OLLAMA, stream=False)

    assert loads(bench) == pytest.approx(expected)


def test_each_model_is_resident_by_itself(bench: Bench) -> None:
    """And at each host."""
    for model, url in (("a", OLLAMA), ("b", OLLAMA), ("a", OLLAMA.replace("localhost", "box"))):
        told = {**LAST, "model": model}
        tell(bench, {**told, "load_duration": 0.1 * SECOND}, url=url, stream=False)
        tell(bench, {**told, "load_duration": 0.4 * SECOND}, url=url, stream=False)
        tell(bench, {**told, "load_duration": 0.6 * SECOND}, url=url, stream=False)

    assert loads(bench) == pytest.approx([0.6] * 3)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"done_reason": "load", "load_duration": 2 * SECOND}, ["LOAD_LATENCY"]),
        ({"done_reason": "unload", "load_duration": 2 * SECOND}, []),
        ({**LAST, "remote_host": "https://ollama.com"}, ["THOUGHT_LATENCY"]),
        ({**LAST, "eval_count": 0}, ["LOAD_LATENCY"]),
    ],
    ids=["an empty prompt", "sent away", "in the cloud", "no tokens"],
)
def test_what_is_no_thought_or_no_load(
    bench: Bench, told: dict[str, Any], expected: list[str]
) -> None:
    """An empty prompt loads, another unloads, and in the cloud nothing is loaded here."""
    tell(bench, {"model": "m", "done": True, **told}, url=OLLAMA, stream=False)

    assert [each["event_type"] for each in bench.lines.models] == expected


def test_a_load_without_a_word_on_it_took_as_long_as_the_call(bench: Bench) -> None:
    """An empty prompt does nothing else; a model that was there is ready at once."""
    told = {"model": "m", "done": True, "done_reason": "load"}
    for seconds in (4, 0.01, 0.01, 5):
        tell(bench, told, url=OLLAMA, seconds=seconds, stream=False)

    assert loads(bench) == pytest.approx([4, 5])
    assert {each["source"] for each in bench.lines.models} == {"response"}


def test_an_embedding_may_load_its_model(bench: Bench) -> None:
    """But thinks nothing."""
    told = {"model": "m", "load_duration": 2 * SECOND, "total_duration": 3 * SECOND}

    tell(bench, {**told, "prompt_eval_count": 3}, url=OLLAMA.replace("chat", "embed"), input="x")

    assert only(bench)["event_type"] == "LOAD_LATENCY"


def test_a_whole_answer_is_measured_from_end_to_end(bench: Bench) -> None:
    """Where the engine tells nothing; tokens of the prompt stand beside it."""
    tell(bench, ANSWER, seconds=2)

    event = only(bench)
    assert (event["source"], event["value"], event["tokens_generated"]) == ("response", 400, 5)
    assert (event["component"], event["prompt_tokens"]) == ("m", 11)
    assert "decode_ms" not in event


def test_a_stream_is_measured_from_its_first_content(bench: Bench) -> None:
    """Over the gaps between its tokens."""
    stream(bench, [3, 0.5, 0.5, 0.5, 0.5])

    event = only(bench)
    assert (event["source"], event["value"], event["tokens_generated"]) == ("stream", 500, 5)


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": 1, "completion_tokens": 1},
        {
            "prompt_tokens": 1,
            "completion_tokens": 8,
            "completion_tokens_details": {"reasoning_tokens": 6},
        },
    ],
    ids=["a single token", "hidden thoughts"],
)
def test_a_stream_whose_gaps_say_nothing_is_measured_as_a_whole(
    bench: Bench, usage: dict[str, Any]
) -> None:
    """A single token has no gap, and thoughts may come before the first content."""
    stream(bench, [3, 1], usage)

    event = only(bench)
    assert (event["source"], event["value"]) == ("response", 4000 / usage["completion_tokens"])


def test_a_stream_that_came_at_once_is_measured_as_a_whole(bench: Bench) -> None:
    """No time between tokens is no speed."""
    stream(bench, [2, 0, 0])

    assert (only(bench)["source"], only(bench)["value"]) == ("response", 400)


def test_a_load_is_taken_out_of_the_clients_time(bench: Bench) -> None:
    """As far as it is told."""
    told = {"done": True, "done_reason": "stop", "eval_count": 10, "load_duration": 2 * SECOND}

    tell(bench, {"model": "m", **told}, url=OLLAMA, seconds=3, stream=False)

    _, thought = bench.lines.models
    assert (thought["source"], thought["value"]) == ("response", 100)


@pytest.mark.parametrize("origin", ["mocked", "replayed"])
def test_answers_that_were_played_tell_nothing(bench: Bench, origin: str) -> None:
    """They are no model's."""
    tell(bench, ANSWER, origin=origin)

    assert bench.lines.models == []


def test_a_call_that_is_recorded_is_a_models(bench: Bench) -> None:
    """As a live one is."""
    tell(bench, ANSWER, origin="recorded")

    assert only(bench)["value"] == 200


def test_what_failed_or_was_given_up_tells_nothing(bench: Bench) -> None:
    """However many tokens it had by then."""
    bench.call(500)
    for end in ("close", "fail"):
        attempt = bench.recorder.begin("httpx", request())
        assert attempt is not None
        attempt.responded(200, [("content-type", "text/event-stream")], decoded=True)
        attempt.chunk(f"data: {json.dumps({'choices': [], 'usage': USAGE})}\n\n".encode())
        bench.clock.seconds += 1
        getattr(attempt, end)(*([ValueError()] if end == "fail" else []))

    assert [each["status"] for each in bench.lines.read if each["kind"] == "event"] == [
        "error",
        "cancelled",
        "error",
    ]
    assert bench.lines.models == []


def test_a_test_on_a_virtual_clock_tells_nothing(bench: Bench) -> None:
    """Its client's time is no time."""
    bench.test.clock = StillClock(name="virtual")

    tell(bench, ANSWER)

    assert bench.lines.models == []


@pytest.mark.parametrize(
    "answer",
    [
        {**ANSWER, "usage": None},
        {**ANSWER, "usage": {"prompt_tokens": 3, "completion_tokens": 0}},
    ],
)
def test_without_tokens_there_is_no_thought(bench: Bench, answer: dict[str, Any]) -> None:
    """Nobody divides by what is unknown, or by zero."""
    tell(bench, answer)

    assert bench.lines.models == []


@pytest.mark.parametrize(
    ("told", "component"),
    [
        ("llama3:8b", "llama3:8b"),
        ("meta-llama/Llama-3-8B", "meta-llama/Llama-3-8B"),
        ("/home/ann/models/gemma.gguf", "gemma.gguf"),
        ("C:\\models\\gemma.gguf", "gemma.gguf"),
        ("m" * 300, "m" * 200),
        (None, "gpt-4o-mini"),
    ],
)
def test_the_component_is_the_model_that_answered(
    bench: Bench, told: str | None, component: str
) -> None:
    """Not its host, nor where on a disk it is; else the one that was asked."""
    tell(bench, {**ANSWER, "model": told})

    assert only(bench)["component"] == component


def test_listeners_hear_of_models(bench: Bench) -> None:
    """As events, built only for whoever wants them."""
    hearing = Hearing()
    bench = replace(bench, listeners=(hearing,))

    tell(bench, ANSWER)

    call, thought = [event for _, event in hearing.heard]
    assert isinstance(thought, ThoughtLatency)
    assert thought.call_id == getattr(call, "call_id", None)


def test_groqs_queue_stands_beside_its_time(bench: Bench) -> None:
    """And is no part of it."""
    times = {"queue_time": 0.25, "prompt_time": 0.5, "completion_time": 2.0, "total_time": 2.5}

    tell(bench, {**ANSWER, "usage": {**USAGE, **times}})

    event = only(bench)
    assert (event["source"], event["value"], event["queue_ms"]) == ("engine", 500, 250)


def test_of_several_prompts_a_thought_is_what_its_timings_are_of(bench: Bench) -> None:
    """The call has the tokens of all; the engine tells of one how long it took."""
    timings = {"cache_n": 2, "prompt_n": 4, "prompt_ms": 1, "predicted_n": 8, "predicted_ms": 7}
    one = {"model": "m", "tokens_evaluated": 6, "tokens_predicted": 8, "timings": timings}
    attempt = bench.recorder.begin(
        "httpx", request("http://127.0.0.1:8080/completion", prompt=["a", "b"], n_predict=8)
    )
    assert attempt is not None
    attempt.responded(200, [("content-type", "application/json")], decoded=True)
    attempt.chunk(json.dumps([one, one]).encode())
    attempt.end()

    (call,), event = bench.lines.read, only(bench)
    assert (call["input_tokens"], call["output_tokens"]) == (12, 16)
    assert (event["prompt_tokens"], event["tokens_generated"], event["value"]) == (6, 8, 1)
