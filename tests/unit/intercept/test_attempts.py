"""Attempts: counted once, ended once, and never a danger to the application."""

from __future__ import annotations

import contextvars
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.watcher import Watched, Watcher

from understudy.calls import Origin, Request
from understudy.intercept import PassThrough
from understudy.intercept._attempts import HttpAttempts

if TYPE_CHECKING:
    from understudy.intercept._attempts import HttpAttempt

URL = "https://api.openai.com/v1/chat/completions"


def request(url: str = URL, method: str = "POST") -> Request:
    return Request(method, url, {}, b"")


@pytest.fixture
def watcher() -> Watcher:
    """An observer of every request."""
    return Watcher()


@pytest.fixture
def attempts(watcher: Watcher) -> HttpAttempts:
    """Attempts that are told to the watcher."""
    attempts = HttpAttempts(watcher)
    attempts.active = True
    return attempts


def begin(attempts: HttpAttempts, asked: Request | None = None) -> HttpAttempt:
    attempt = attempts.begin("client", lambda: asked or request())
    assert attempt is not None
    return attempt


def test_no_attempt_is_opened_when_inactive(attempts: HttpAttempts, watcher: Watcher) -> None:
    """A wrapper that somebody kept does nothing more."""
    attempts.active = False

    assert attempts.begin("client", request) is None
    assert watcher.watched == []


def test_request_on_its_way_through_a_lower_client_is_the_same_attempt(
    attempts: HttpAttempts, watcher: Watcher
) -> None:
    """Ports that are the scheme's own may be spelled out or not."""
    with begin(attempts):
        inner = attempts.begin("lower", request, "https://api.openai.com:443/v1/chat%2Fx")

    assert inner is None
    assert watcher.only.client == "client"


def test_a_lower_client_may_spell_the_method_in_its_own_way(
    attempts: HttpAttempts, watcher: Watcher
) -> None:
    """It is the same attempt."""
    with begin(attempts):
        inner = attempts.begin("lower", request, URL, "post")

    assert inner is None
    assert len(watcher.watched) == 1


@pytest.mark.parametrize(
    "asked",
    [
        request("https://api.anthropic.com/v1/messages"),
        request("https://api.openai.com:8443/v1/chat/completions"),
        request(method="GET"),
    ],
    ids=["host", "port", "method"],
)
def test_another_request_made_while_one_is_sent_is_another_attempt(
    attempts: HttpAttempts, watcher: Watcher, asked: Request
) -> None:
    """An application under test makes calls of its own while it answers."""
    with begin(attempts):
        begin(attempts, asked)

    assert len(watcher.watched) == 2


def test_next_request_is_another_attempt(attempts: HttpAttempts, watcher: Watcher) -> None:
    """What was sent carries nothing more, not even in a copy of its context."""
    with begin(attempts):
        context = contextvars.copy_context()

    begin(attempts)
    context.run(begin, attempts)

    assert len(watcher.watched) == 3


def test_unwatched_attempt_carries_its_request_too(
    attempts: HttpAttempts, watcher: Watcher
) -> None:
    """A request that nobody cares for is asked about once."""
    watcher.ignores = lambda _: True
    with begin(attempts) as attempt:
        watcher.ignores = lambda _: False
        inner = attempts.begin("lower", request)
    attempt.respond(200, [], decoded=True, from_network=True)
    attempt.chunk(b"x")
    attempt.end()

    assert inner is None
    assert not attempt.is_watched
    assert watcher.watched == []


def test_error_while_sending_ends_the_attempt(attempts: HttpAttempts, watcher: Watcher) -> None:
    """It goes on to the caller."""
    error = OSError("refused")

    with pytest.raises(OSError, match="refused"), begin(attempts):
        raise error

    assert watcher.only.ending is error
    assert attempts.current is None


def test_sending_that_is_closed_in_another_context_is_left_quietly(attempts: HttpAttempts) -> None:
    """A coroutine that is garbage is closed wherever the collector runs."""
    attempt = begin(attempts)
    contextvars.copy_context().run(attempt.__enter__)

    attempt.__exit__(None, None, None)

    assert attempts.current is None


@pytest.mark.parametrize("first", ["end", "close"])
def test_attempt_ends_once(attempts: HttpAttempts, watcher: Watcher, first: str) -> None:
    """Whatever comes first; later chunks are none of it."""
    attempt = begin(attempts)
    attempt.respond(200, [], decoded=True, from_network=True)

    getattr(attempt, first)()
    attempt.chunk(b"late")
    attempt.end()
    attempt.close()
    attempt.fail(OSError())

    assert watcher.only.endings == [first]
    assert watcher.only.chunks == []


@pytest.mark.parametrize(
    ("marks", "from_network", "origin"),
    [
        ([], True, None),
        ([], False, Origin.MOCKED),
        (["was_recorded"], True, Origin.RECORDED),
        (["was_recorded"], False, Origin.MOCKED),
        (["was_recorded", "reached_network"], False, Origin.RECORDED),
        (["reached_network"], False, None),
        (["was_replayed"], False, Origin.REPLAYED),
        (["was_replayed"], True, Origin.REPLAYED),
    ],
)
def test_origin_is_told_before_the_answer(
    attempts: HttpAttempts,
    watcher: Watcher,
    marks: list[str],
    from_network: bool,  # noqa: FBT001 - a case's value
    origin: Origin | None,
) -> None:
    """A cassette's answer is replayed, one without a network mocked, a live one not marked."""
    attempt = begin(attempts)
    for mark in marks:
        setattr(attempt, mark, True)

    attempt.respond(200, [], decoded=False, from_network=from_network)

    assert watcher.only.origin is origin


class FaultyObservation(Watched):
    """Breaks the promise of an observation at every turn."""

    def _break(self, *_: Any, **__: Any) -> Any:
        message = "our fault"
        raise ValueError(message)

    answered = responded = chunk = end = close = fail = _break


def test_fault_of_an_observation_stays_here(
    attempts: HttpAttempts, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The application goes on; the observer is told."""
    monkeypatch.setattr(watcher, "begin", FaultyObservation)
    attempt = begin(attempts)

    attempt.respond(200, [], decoded=False, from_network=False)
    attempt.chunk(b"x")
    attempt.end()

    assert [str(fault) for fault in watcher.faults] == ["our fault"] * 4


def test_fault_of_an_observer_or_a_description_stays_here(
    attempts: HttpAttempts, watcher: Watcher
) -> None:
    """There is no attempt then, and the request goes out as ever."""

    def indescribable() -> Request:
        message = "our fault"
        raise ValueError(message)

    assert attempts.harmless(attempts.begin, "client", indescribable) is None
    assert [str(fault) for fault in watcher.faults] == ["our fault"]


class Showing:
    """An answerer that lets everything out, and has it shown to a witness."""

    def __init__(self) -> None:
        self.witness = Watched("witness", request())

    def answer(self, *_: object) -> PassThrough:
        """Return what shows the request to the witness."""
        return PassThrough(self.witness, {"cassette": "c.yaml"})


@pytest.mark.parametrize("watched", [True, False])
def test_witness_is_shown_what_the_observer_is_shown(*, watched: bool) -> None:
    """Whether the observer watches the request or not; nobody takes it for an answer."""
    watcher, showing = Watcher(ignores=lambda _: not watched), Showing()
    attempts = HttpAttempts(watcher, showing)
    attempts.active = True
    error = ValueError()

    with begin(attempts) as attempt:
        assert attempt.answer() is None
    attempt.respond(200, [("a", "b")], decoded=False, from_network=True)
    attempt.chunk(b"x")
    attempt.fail(error)

    assert attempt.is_watched
    for one in [showing.witness, *watcher.watched]:
        assert one.fields == {"cassette": "c.yaml", "origin": Origin.RECORDED}
        assert (one.status, one.chunks, one.ending) == (200, [b"x"], error)


def test_event_of_what_nobody_can_record_says_nothing_of_it() -> None:
    """A mock transport answered; until it did, the request was to be recorded."""
    watcher = Watcher()
    attempts = HttpAttempts(watcher, Showing())
    attempts.active = True

    with begin(attempts) as attempt:
        attempt.answer()
    before = watcher.only.fields
    attempt.respond(200, [], decoded=True, from_network=False)

    assert before == {"cassette": "c.yaml"}
    assert watcher.only.fields == {"origin": Origin.MOCKED}


@pytest.mark.parametrize("ending", ["end", "close"])
def test_witness_is_told_the_ending(ending: str) -> None:
    """As the observer is."""
    watcher, showing = Watcher(), Showing()
    attempts = HttpAttempts(watcher, showing)
    attempts.active = True
    attempt = begin(attempts)
    attempt.answer()

    getattr(attempt, ending)()

    assert (watcher.only.ending, showing.witness.ending) == (ending, ending)


def test_uploads_are_read_only_while_somebody_wants_them() -> None:
    """And the taps are in place."""
    wanted = [True]
    attempts = HttpAttempts(Watcher(), reads_uploads=lambda: wanted[0])
    assert not attempts.reads_uploads

    attempts.active = True
    assert attempts.reads_uploads

    wanted[0] = False
    assert not attempts.reads_uploads


MOVED = (307, [("location", "/new")])
REFUSED = (401, [("www-authenticate", "Basic")])


def answered(attempts: HttpAttempts, status: int, headers: list[tuple[str, str]]) -> HttpAttempt:
    """Begin an attempt whose answer is read to its end."""
    attempt = begin(attempts)
    attempt.respond(status, headers, decoded=True, from_network=True)
    attempt.end()
    return attempt


@pytest.mark.parametrize("answer", [MOVED, REFUSED], ids=["redirect", "challenge"])
def test_an_answer_that_may_lead_on_has_no_end_before_the_journey(
    attempts: HttpAttempts, watcher: Watcher, answer: tuple[int, list[tuple[str, str]]]
) -> None:
    """Then it was the last one."""
    with attempts.journeys():
        answered(attempts, *answer)
        assert watcher.only.ending is None

    assert watcher.only.ending == "end"


def test_an_answer_that_led_on_has_no_end(attempts: HttpAttempts, watcher: Watcher) -> None:
    """The next one has; what is sent between a challenge and its answer is by itself."""
    token = request("https://api.openai.com/token")
    with attempts.journeys():
        answered(attempts, *MOVED)
        answered(attempts, *REFUSED)
        between = attempts.begin("client", lambda: token)
        assert between is not None
        between.end()
        answered(attempts, 200, [])

    endings = [watched.ending for watched in watcher.watched]
    assert endings == [None, None, "end", "end"]


def test_an_error_ends_an_answer_that_might_have_led_on(
    attempts: HttpAttempts, watcher: Watcher
) -> None:
    """As too many redirects do."""
    error = RuntimeError("too many")
    journey = attempts.journeys()

    journey.__enter__()
    answered(attempts, *MOVED)
    journey.__exit__(RuntimeError, error, None)

    assert watcher.only.ending is error


def test_any_other_answer_ends_at_once(attempts: HttpAttempts, watcher: Watcher) -> None:
    """What is tried again after it is a retry; urllib3 has those for challenges, too."""
    with attempts.journeys():
        answered(attempts, 503, [])
        assert watcher.only.ending == "end"
    with attempts.journeys(meet_challenges=False):
        answered(attempts, *REFUSED)
        assert watcher.watched[1].ending == "end"


def test_a_journey_within_another_is_part_of_it(attempts: HttpAttempts, watcher: Watcher) -> None:
    """Unless it is that of an application in memory, which is asked in its midst."""
    with attempts.journeys():
        with attempts.journeys():
            answered(attempts, *MOVED)
        assert watcher.only.ending is None
        with begin(attempts, request(method="GET")):
            with attempts.journeys():
                answered(attempts, *REFUSED)
            assert watcher.watched[2].ending == "end"


def test_what_outlives_a_journey_is_not_on_it(attempts: HttpAttempts, watcher: Watcher) -> None:
    """A task that was started within has a copy of its context."""
    with attempts.journeys():
        context = contextvars.copy_context()

    context.run(answered, attempts, *MOVED)

    assert watcher.only.ending == "end"
