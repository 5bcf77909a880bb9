"""What each fault does to an answer, whatever the client."""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from tests.unit.mock.stage import ANTHROPIC, LIBRARY, OPENAI, Stage, read, request
from tests.unit.playback.manual_clock import ManualClock

from understudy.errors import RegistrationError, SettingsError, UnknownNameError
from understudy.mock import Fault, Faults, IncomingCall
from understudy.playback import Break, Breakage
from understudy.wire.writing import Rendered

TEXT = "one\ntwo\nthree\nfour\n"
BEDROCK = "https://bedrock-runtime.us-east-1.amazonaws.com/model/claude/converse-stream"
GEMINI = "https://generativelanguage.googleapis.com/v1beta/models/gemini-3:streamGenerateContent"


def streamed(stage: Stage, **body: Any) -> str | None:
    """Ask for a stream and return its text."""
    return stage.read(stream=True, **body).text


@pytest.fixture
def spoken(stage: Stage) -> Stage:
    """A mock that says four lines."""
    stage.mock.reply(TEXT)
    return stage


@pytest.mark.parametrize(
    ("name", "status", "error_type"),
    [
        ("rate_limit", 429, "requests"),
        ("server_error", 500, "server_error"),
        ("unavailable", 503, "server_error"),
        ("overloaded", 529, "server_error"),
        ("content_filter", 400, "invalid_request_error"),
        ("context_overflow", 400, "invalid_request_error"),
    ],
)
def test_a_provider_refuses(spoken: Stage, name: str, status: int, error_type: str) -> None:
    """In its own words, at once."""
    spoken.mock.profile = "slow"
    spoken.mock.fail(name)

    exchange, took = spoken.play(request(stream=True))

    assert (exchange.status, exchange.error_type, took) == (status, error_type, 0.0)
    assert spoken.mock.calls[0].error is not None
    assert spoken.mock.calls[0].usage is None


def test_status_and_message_may_be_told(spoken: Stage) -> None:
    """Proxies have their own."""
    spoken.mock.fail("server_error", status=502, message="bad gateway")

    exchange = spoken.read()

    assert (exchange.status, exchange.error) == (502, "bad gateway")


@pytest.mark.parametrize(
    ("options", "headers"),
    [
        ({}, {"retry-after": "1", "retry-after-ms": "1000"}),
        ({"retry_after": 2.5}, {"retry-after": "2.5", "retry-after-ms": "2500"}),
        ({"retry_after": 2, "retry_after_in": "s"}, {"retry-after": "2"}),
        ({"retry_after": 0.15, "retry_after_in": "ms"}, {"retry-after-ms": "150"}),
        ({"retry_after": None}, {}),
    ],
)
def test_retry_after_has_several_forms(
    spoken: Stage, options: dict[str, Any], headers: dict[str, str]
) -> None:
    """The provider's own, or one of them alone."""
    spoken.mock.fail("rate_limit", **options)

    told = dict(spoken.ask().playback.headers)

    assert {name: told[name] for name in told if name.startswith("retry")} == headers
    assert spoken.mock.calls[0].retry_after == (options.get("retry_after", 1) if headers else None)


def test_retry_after_may_be_a_date() -> None:
    """Of a whole second that is not too early."""
    stage = Stage(ManualClock(now=1_790_000_000.25))
    stage.mock.fail("rate_limit", retry_after=30, retry_after_in="date")

    headers = dict(stage.ask().playback.headers)

    assert parsedate_to_datetime(headers["retry-after"]).timestamp() == 1_790_000_031
    assert stage.mock.calls[0].retry_after == 30.75


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, "one\ntwo\n"),
        ({"after_lines": 3}, "one\ntwo\nthree\n"),
        ({"after_lines": 0}, None),
        ({"after_lines": 9}, TEXT),
    ],
)
@pytest.mark.parametrize("url", [OPENAI, ANTHROPIC, BEDROCK, GEMINI])
def test_a_stream_is_cut_off(spoken: Stage, url: str, options: Any, text: str | None) -> None:
    """After half of the lines, or as many as told; its end is missing in any case."""
    spoken.mock.fail("truncated", **options)

    exchange = spoken.read(url=url, stream=True)

    if url == GEMINI and options.get("after_lines") == 9:
        text = "one\ntwo\nthree\n"  # its last event is also the last of the content
    assert exchange.text == text
    assert not exchange.complete


def test_a_stream_of_one_line_is_cut_off_too(stage: Stage) -> None:
    """It lacks its end."""
    stage.mock.reply("all of it").fail("truncated")

    exchange = stage.read(stream=True)

    assert (exchange.text, exchange.finish_reason, exchange.complete) == ("all of it", None, False)


def test_a_stream_without_content_is_cut_off_too(stage: Stage) -> None:
    """It lacks its end."""
    stage.mock.reply("").fail("truncated")

    assert not stage.read(stream=True).complete


def test_a_body_is_cut_in_half(spoken: Stage) -> None:
    """Where it does not stream."""
    spoken.mock.fail("truncated", times=1)

    cut, whole = (b"".join(data for _, data in spoken.ask().playback.chunks) for _ in range(2))

    assert len(cut) == len(whole) // 2


@pytest.mark.parametrize("options", [{}, {"after_lines": 0}, {"after_lines": 9}])
@pytest.mark.parametrize("url", [OPENAI, ANTHROPIC])
def test_one_event_is_no_json(spoken: Stage, url: str, options: Any) -> None:
    """One with content; the frame around it is whole."""
    spoken.mock.fail("malformed", **options)

    data = b"".join(data for _, data in spoken.ask(url=url, stream=True).playback.chunks)

    texts = [line[5:].strip() for line in data.split(b"\n") if line.startswith(b"data:")]
    assert sum(map(_is_broken, texts)) == 1
    assert data.endswith(b"\n\n")


def test_a_body_is_no_json(spoken: Stage) -> None:
    """Where it does not stream."""
    spoken.mock.fail("malformed")

    ((_, data),) = spoken.ask().playback.chunks

    assert _is_broken(data)


def test_a_stream_without_content_is_malformed_in_the_middle(stage: Stage) -> None:
    """There is no better place."""
    stage.mock.reply("").fail("malformed")

    data = b"".join(data for _, data in stage.ask(stream=True).playback.chunks)

    assert any(_is_broken(line[5:]) for line in data.split(b"\n") if line.startswith(b"data:"))


def test_a_frame_of_aws_has_a_wrong_checksum(spoken: Stage) -> None:
    """Its length stays."""
    whole = list(spoken.ask(url=BEDROCK).playback.chunks)
    spoken.mock.reset()
    spoken.mock.reply(TEXT).fail("malformed")

    broken = list(spoken.ask(url=BEDROCK).playback.chunks)

    assert [len(data) for _, data in broken] == [len(data) for _, data in whole]
    assert sum(one != other for one, other in zip(whole, broken, strict=True)) == 1


def _is_broken(text: bytes) -> bool:
    if text.strip() == b"[DONE]":
        return False
    try:
        json.loads(text)
    except ValueError:
        return True
    return False


def test_an_error_event_ends_the_stream(spoken: Stage) -> None:
    """After half of the lines."""
    spoken.mock.fail("error_event", message="Too much.")

    exchange = spoken.read(url=ANTHROPIC, stream=True)

    assert exchange.text == "one\ntwo\n"
    assert (exchange.error_type, exchange.error) == ("overloaded_error", "Too much.")


def test_an_error_event_is_the_answer_where_nothing_streams(spoken: Stage) -> None:
    """Alone, with its status."""
    spoken.mock.fail("error_event", kind="server_error", after_lines=1)

    assert spoken.read().status == 500


@pytest.mark.parametrize("kind", ["reset", "peer_drop"])
@pytest.mark.parametrize("after_lines", [None, 2])
def test_a_connection_breaks(spoken: Stage, kind: str, after_lines: int | None) -> None:
    """Before anything came, or after some lines."""
    spoken.mock.fail(kind, after_lines=after_lines)

    playback = spoken.ask(stream=True).playback

    assert playback.broken == Break(kind=Breakage(kind), before_head=after_lines is None)
    assert bool(playback.chunks) is (after_lines is not None)


def test_nobody_listens(spoken: Stage) -> None:
    """The connection is refused."""
    spoken.mock.fail("connection_refused")

    answered = spoken.ask()

    assert answered.playback.broken == Break(kind=Breakage.CONNECTION_REFUSED, before_head=True)
    assert answered.call.status is None


@pytest.mark.parametrize(("after_lines", "took"), [(None, 60.0), (2, 61.65)])
def test_a_server_falls_silent(spoken: Stage, after_lines: int | None, took: float) -> None:
    """Until the client's own time-out has passed."""
    spoken.mock.profile = "realistic_l3"
    spoken.mock.fail("read_timeout", after_lines=after_lines)

    _, lasted = spoken.play(request(stream=True), read_timeout=60.0)

    assert lasted == pytest.approx(took)


def test_a_silence_may_be_told(spoken: Stage) -> None:
    """In seconds."""
    spoken.mock.fail("read_timeout", after=2.5)

    assert spoken.play(request())[1] == pytest.approx(2.5)


def test_the_answer_is_filtered_after_some_lines(spoken: Stage) -> None:
    """With the finish reason of it."""
    spoken.mock.fail("content_filter", after_lines=1)

    exchange = spoken.read()

    assert (exchange.text, exchange.finish_reason) == ("one\n", "content_filter")


def test_an_empty_answer_stops(spoken: Stage) -> None:
    """Without a word, and without output tokens."""
    spoken.mock.fail("empty")

    exchange = spoken.read()

    assert (exchange.text or "", exchange.finish_reason) == ("", "stop")
    assert exchange.usage is not None
    assert exchange.usage.output_tokens == 0


@pytest.mark.parametrize(
    ("options", "counts"),
    [
        ({}, (30, 20)),
        ({"factor": 0}, (0, 0)),
        ({"usage": {"output_tokens": 5}}, (3, 5)),
    ],
)
def test_usage_is_wrong(stage: Stage, options: Any, counts: tuple[int, int]) -> None:
    """Many times as large, or what was told."""
    stage.mock.reply("x", usage={"input_tokens": 3, "output_tokens": 2})
    stage.mock.fail("wrong_usage", **options)

    usage = stage.read().usage

    assert usage is not None
    assert (usage.input_tokens, usage.output_tokens) == counts


def test_slow_chunks_come_later_and_later(spoken: Stage) -> None:
    """Each by a tenth of a second more than the one before."""
    spoken.mock.fail("slow_chunks")

    answered = spoken.ask(stream=True)
    moments = [at for at, _ in answered.playback.chunks]

    assert moments == pytest.approx([number / 10 for number in range(len(moments))])


def test_a_body_may_come_in_splinters(spoken: Stage) -> None:
    """Of seven bytes, which make up the whole."""
    spoken.mock.fail("rechunked")

    chunks = list(spoken.ask(stream=True).playback.chunks)

    assert max(len(data) for _, data in chunks) == 7
    assert streamed(spoken) == TEXT


def test_faults_are_counted(spoken: Stage) -> None:
    """The next call is answered."""
    spoken.mock.fail("rate_limit", times=2)

    assert [spoken.read().status for _ in range(3)] == [429, 429, 200]
    assert [call.fault for call in spoken.mock.calls] == ["rate_limit", "rate_limit", None]


def test_faults_that_spoil_an_answer_come_one_after_the_other(spoken: Stage) -> None:
    """Each attempt meets one."""
    spoken.mock.fail("rate_limit", times=1).fail("overloaded", times=1)

    assert [spoken.read().status for _ in range(3)] == [429, 529, 200]


def test_other_faults_are_laid_over_each_other(spoken: Stage) -> None:
    """And over one that spoils the answer."""
    spoken.mock.fail("slow_chunks").fail("truncated", times=1).fail("rechunked")

    first, second = spoken.ask(stream=True), spoken.ask(stream=True)

    assert first.event_fields["fault"] == "slow_chunks+truncated+rechunked"
    assert second.event_fields["fault"] == "slow_chunks+rechunked"


def test_a_spoilt_answer_does_not_count(stage: Stage) -> None:
    """The next attempt gets the same."""
    stage.mock.replies(["one\nmore\n", "two"]).fail("truncated", times=1)

    assert [streamed(stage) for _ in range(3)] == ["one\n", "one\nmore\n", "two"]


def test_a_spoilt_turn_of_a_scenario_is_said_again(stage: Stage) -> None:
    """The conversation stays where it is."""
    stage.mock.script("page_session").fail("rate_limit", times=1).fail("reset", times=1)

    texts = [stage.read("Make a page.").text or "" for _ in range(3)]

    assert ["page.begin" in text for text in texts] == [False, False, True]


def test_a_fault_may_have_a_condition(spoken: Stage) -> None:
    """As a reply may."""
    spoken.mock.on(model="o3").fail("server_error")

    assert (spoken.read().status, spoken.read(model="o3").status) == (200, 500)


def test_a_fault_needs_no_reply(stage: Stage) -> None:
    """Where it leaves no answer."""
    stage.mock.fail("rate_limit")

    assert stage.read().status == 429


def test_faults_befall_embeddings_too(stage: Stage) -> None:
    """At the transport all calls are alike."""
    stage.mock.fail("unavailable")

    assert stage.ask(url="https://api.openai.com/v1/embeddings", input="x").call.status == 503


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("rate_limits", {}, "Did you mean 'rate_limit'"),
        ("rate_limit", {"retryafter": 3}, "Did you mean 'retry_after'"),
        ("rate_limit", {"retry_after": -1}, "fault 'rate_limit': retry_after is -1"),
        ("rate_limit", {"retry_after": float("nan")}, "retry_after is nan"),
        ("rate_limit", {"retry_after": True}, "retry_after is True"),
        ("rate_limit", {"retry_after_in": "min"}, "write 's', 'ms' or 'date'"),
        ("truncated", {"after_lines": -1}, "after_lines is -1"),
        ("truncated", {"after_lines": 1.5}, "after_lines is 1.5"),
        ("reset", {"after_lines": True}, "after_lines is True"),
        ("content_filter", {"after_lines": "1"}, "after_lines is '1'"),
        ("error_event", {"kind": "tired"}, "'tired' is not a valid ErrorKind"),
        ("error_event", {"after_lines": -2}, "after_lines is -2"),
        ("read_timeout", {"after": "soon"}, "after is 'soon'"),
        ("slow_chunks", {"seconds": 1e9}, "seconds is 1000000000.0"),
        ("rechunked", {"size": 0}, "size is 0"),
        ("wrong_usage", {"factor": -1}, "factor is -1"),
        ("wrong_usage", {"usage": {"outputs": 1}}, "unknown count 'outputs'"),
    ],
)
def test_a_wrong_fault_is_refused(
    stage: Stage, name: str, options: dict[str, Any], message: str
) -> None:
    """Where it is written."""
    with pytest.raises(SettingsError, match=message):
        stage.mock.fail(name, **options)


class TeaPot(Fault):
    """A fault of somebody's own: the status alone."""

    spoils = False

    def __init__(self, *, status: int = 418) -> None:
        self.status = status

    def on_rendered(self, rendered: Rendered, call: IncomingCall) -> Rendered:
        """Change the status."""
        return Rendered(self.status, rendered.headers, rendered.pieces)


def make_anything(**options: Any) -> Fault:
    """Make a fault that changes nothing."""
    return Fault()


def test_a_fault_of_ones_own_is_used_by_name(stage: Stage) -> None:
    """With its own options."""
    faults = Faults.default().with_faults({"tea_pot": TeaPot, "anything": make_anything})
    library = type(LIBRARY)(LIBRARY.scenarios, LIBRARY.profiles, faults)
    mock = type(stage.mock)(library, clock=stage.clock)
    mock.reply("x").fail("tea_pot", status=419).fail("anything", whatever=1)
    stage.endpoint = type(stage.endpoint)(mock, stage.endpoint.apis)

    answered = stage.ask()

    assert (answered.playback.status, answered.event_fields["fault"]) == (419, "tea_pot+anything")
    assert read(request(), 200, (), next(iter(answered.playback.chunks))[1]).text == "x"
    assert "tea_pot" in faults.names


@pytest.mark.parametrize("makers", [{"": TeaPot}, {"reset": TeaPot}, {"x": "TeaPot"}])
def test_a_useless_registration_is_refused(makers: Any) -> None:
    """No name, a built-in one, or nothing that makes faults."""
    with pytest.raises(RegistrationError):
        Faults.default().with_faults(makers)


def test_what_makes_no_fault_is_refused() -> None:
    """When it is used."""
    maker: Any = "odd".upper
    faults = Faults.default().with_faults({"odd": maker})

    with pytest.raises(SettingsError, match="gave 'ODD'"):
        faults.make("odd")


def test_an_unknown_fault_lists_the_known() -> None:
    """All of them."""
    with pytest.raises(UnknownNameError, match=r"connection_refused, content_filter.*wrong_usage"):
        Faults.default().make("unheard")
