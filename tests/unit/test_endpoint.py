"""The hinge: which calls it answers, when each byte comes, what telemetry is told."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.mock.stage import (
    ANTHROPIC,
    APIS,
    LIBRARY,
    OPENAI,
    Stage,
    request,
)
from tests.unit.playback.manual_clock import ManualClock

from understudy.calls import Origin, Request
from understudy.delays import Load, Profile, TimedCall
from understudy.endpoint import Endpoint
from understudy.mock import (
    Fault,
    IncomingCall,
    MockError,
    MockLibrary,
    MockLLM,
    UnmatchedCall,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.wire import Recognised
    from understudy.wire.writing import Rendered

TEN = "".join(f"line {number}\n" for number in range(10))
LOCAL = "http://localhost:8000/v1/chat/completions"


def at(url: str) -> tuple[Request, Recognised]:
    """Return a request to an address."""
    asked = request(url=url)
    recognised = APIS.recognise(asked)
    assert recognised is not None
    return asked, recognised


def with_profile(profile: Any, clock: ManualClock | None = None) -> Stage:
    """Return a stage whose mock has a profile of its own."""
    stage = Stage(clock)
    profiles = LIBRARY.profiles.with_profiles({"own": profile})
    library = MockLibrary(LIBRARY.scenarios, profiles, LIBRARY.faults)
    stage.mock = MockLLM(library, clock=stage.clock, profile="own")
    stage.endpoint = Endpoint(stage.mock, APIS)
    return stage


@pytest.mark.parametrize(
    ("url", "hosts", "is_taken"),
    [
        (OPENAI, (), True),
        ("https://llm.example.com/v1/chat/completions", (), True),
        ("http://192.168.1.5:8000/v1/chat/completions", (), True),
        (LOCAL, (), False),
        ("http://127.0.0.1:8000/v1/chat/completions", (), False),
        ("http://127.8.8.8/v1/chat/completions", (), False),
        ("http://[::1]:8000/v1/chat/completions", (), False),
        ("http://app.localhost/v1/chat/completions", (), False),
        (LOCAL, ("localhost",), True),
        (LOCAL, ("localhost:8000",), True),
        (LOCAL, ("localhost:9000",), False),
        ("http://127.0.0.1:8000/v1/chat/completions", ("localhost",), False),
    ],
)
def test_calls_to_this_machine_are_left_alone(
    url: str, hosts: tuple[str, ...], is_taken: object
) -> None:
    """But for the addresses that are named: the application's own gateway is not swallowed."""
    stage = Stage()
    stage.mock.reply("x")
    endpoint = Endpoint(stage.mock, APIS, frozenset(hosts))

    asked, recognised = at(url)

    assert endpoint.takes(recognised) is is_taken
    assert (endpoint.answer(asked, recognised) is not None) is is_taken


@pytest.mark.parametrize("url", [OPENAI, ANTHROPIC])
def test_the_first_content_comes_at_the_think_time(url: str) -> None:
    """With the head, and not after it; each further line after its delay."""
    stage = Stage(profile="realistic_l3")
    stage.mock.reply(TEN)

    playback = stage.ask(url=url, stream=True).playback
    moments = [at for at, _ in playback.chunks]

    assert (playback.head_at, moments[0], moments[-1]) == (1.5, 1.5, 2.85)
    assert sorted(set(moments)) == [round(1.5 + 0.15 * line, 6) for line in range(10)]
    assert all(before <= after for before, after in pairwise(moments))


def test_an_answer_that_does_not_stream_comes_with_its_last_line() -> None:
    """10 lines of `realistic_l3` take 2850 ms both ways."""
    stage = Stage(profile="realistic_l3")
    stage.mock.reply(TEN)

    playback = stage.ask().playback

    assert [playback.head_at, *(at for at, _ in playback.chunks)] == [2.85, 2.85]


def test_a_provider_tells_how_long_it_took() -> None:
    """Where it has a header for it."""
    stage = Stage(profile="realistic_l2")
    stage.mock.reply("a\nb\n")

    plain, streamed = (dict(stage.ask(stream=stream).playback.headers) for stream in (False, True))

    assert plain["openai-processing-ms"] == "500"
    assert streamed["openai-processing-ms"] == "300"


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_without_lines_comes_at_the_think_time(stream: object) -> None:
    """An empty one, and vectors."""
    stage = Stage(profile="realistic_l3")
    stage.mock.reply("")

    assert stage.ask(stream=stream).playback.head_at == 1.5
    assert stage.ask(url="https://api.openai.com/v1/embeddings", input="x").playback.head_at == 1.5


def test_tokens_of_a_line_come_together() -> None:
    """They share the delay of their line."""
    stage = Stage(profile="realistic_l3")
    stage.mock.reply("one two\nthree four\n", chunk="token")

    moments = {at for at, _ in stage.ask(stream=True).playback.chunks}

    assert moments == {1.5, 1.65}


def test_chunks_of_a_list_have_delays_of_their_own() -> None:
    """Each is a line."""
    stage = Stage(profile="realistic_l3")
    stage.mock.reply(chunk=["one", " two", " three"])

    moments = {at for at, _ in stage.ask(stream=True).playback.chunks}

    assert moments == {1.5, 1.65, 1.8}


def test_a_tool_call_is_one_line() -> None:
    """After the text."""
    stage = Stage(profile="realistic_l3")
    stage.mock.reply("one\n", tool_calls=["get"])

    assert max(at for at, _ in stage.ask(stream=True).playback.chunks) == 1.65


def test_the_same_test_takes_the_same_time() -> None:
    """Random delays come from the seed: run, test, number of the call."""

    def moments(**options: Any) -> list[float]:
        stage = with_profile(Profile(think_ms=100, per_line_ms=10, jitter=0.5))
        stage.mock.engine.run_seed = options.get("run_seed", 0)
        stage.mock.reply(TEN)
        node_id = options.get("node_id", "test_a")
        found = []
        for _ in range(2):
            asked, recognised = at(OPENAI)
            answered = stage.endpoint.answer(asked, recognised, node_id=node_id)
            assert answered is not None
            found.append(answered.playback.head_at)
        return found

    one, again = moments(), moments()
    others = [*moments(run_seed=1), *moments(node_id="test_b")]

    assert one == again
    assert len({*one, *others}) == 6


def test_a_profile_under_load_is_asked_while_the_answer_is_played() -> None:
    """An answer slows down when others begin, and speeds up when they end."""
    stage = with_profile(Profile(think_ms=1000, per_line_ms=1000, load=Load(per_call=1, free=1)))
    stage.mock.reply("a\nb\nc\n")
    first = stage.ask(stream=True)
    playing = iter(first.player())
    moments = []

    def come(text: bytes) -> None:
        for data in playing:
            if text in data:
                moments.append(stage.clock.now())
                return

    come(b'"a')
    second = stage.ask(stream=True).player()
    come(b'"b')
    second.close()
    come(b'"c')

    assert moments == [1.0, 3.0, 4.0]


def test_calls_in_flight_are_counted_until_they_end() -> None:
    """Refused, unmatched, broken ones too."""
    stage = Stage()
    stage.mock.on(contains="x").reply("x")
    stage.mock.fail("reset", times=1)
    for _ in range(2):
        stage.play(request("x"))
    with pytest.raises(UnmatchedCall):
        stage.ask("y")

    assert stage.mock.engine.timed("").in_flight() == 0


class Odd:
    """A profile of somebody's own."""

    def delays(self, call: TimedCall) -> Iterator[float]:
        """Give two delays, and then nothing."""
        yield from (0.5, 0.25)


def test_a_profile_of_ones_own_is_drawn_line_by_line() -> None:
    """Lines after its last delay come at once."""
    stage = with_profile(Odd())
    stage.mock.reply("a\nb\nc\nd\n")

    moments = {at for at, _ in stage.ask(stream=True).playback.chunks}

    assert moments == {0.5, 0.75}


def test_telemetry_is_told_what_the_wire_does_not_say() -> None:
    """Origin, clock, profile, scenario, fault, and where the usage comes from."""
    stage = Stage(profile="realistic_l2")
    stage.mock.script("page_edit").fail("rate_limit", times=1)

    refused, answered = stage.ask().event_fields, stage.ask().event_fields

    told = {"origin": Origin.MOCKED, "clock": "virtual", "profile": "realistic_l2"}
    assert refused == {
        **told,
        "scenario": None,
        "fault": "rate_limit",
        "usage_source": "none",
    }
    assert answered == {
        **told,
        "scenario": "page_edit",
        "fault": None,
        "usage_source": "estimated",
    }


def test_a_wire_api_that_nobody_writes_ends_the_test() -> None:
    """It is no failed connection."""
    stage = Stage()
    stage.mock.reply("x")
    endpoint = Endpoint(stage.mock, replace(APIS, providers=()))

    with pytest.raises(MockError, match=r"cannot answer a call of openai\.chat: unknown wire API"):
        endpoint.answer(*at(OPENAI))

    assert stage.mock.engine.timed("").in_flight() == 0


class Careless(Fault):
    """A fault of somebody's own, with a mistake in it."""

    def on_rendered(self, rendered: Rendered, call: IncomingCall) -> Rendered:
        """Fail."""
        raise ZeroDivisionError


def test_a_fault_of_ones_own_that_raises_ends_the_test() -> None:
    """It is no failed connection either."""
    faults = LIBRARY.faults.with_faults({"careless": Careless})
    library = MockLibrary(LIBRARY.scenarios, LIBRARY.profiles, faults)
    mock = MockLLM(library, clock=ManualClock())
    mock.reply("x").fail("careless")

    with pytest.raises(MockError, match="cannot answer") as caught:
        Endpoint(mock, APIS).answer(*at(OPENAI))

    assert isinstance(caught.value.__cause__, ZeroDivisionError)


@given(
    lines=st.integers(1, 8),
    profile=st.sampled_from(["instant", "realistic_l2", "realistic_l3", "slow"]),
    url=st.sampled_from([OPENAI, ANTHROPIC]),
)
def test_a_stream_takes_as_long_as_an_answer_in_one_piece(
    lines: int, profile: str, url: str
) -> None:
    """Whatever the profile and the wire API."""
    stage = Stage(profile=profile)
    stage.mock.reply("line\n" * lines)

    _, streamed = stage.play(request(url=url, stream=True))
    _, whole = stage.play(request(url=url))

    assert streamed == pytest.approx(whole)
