"""The player: plays what is recorded, records what may be, and tells what it did."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING, Any

import pytest

from understudy.calls import Origin, Request
from understudy.cassettes import Cassette, Treatment
from understudy.cassettes.player import CassetteMiss, CassettePlayer, Passing, Recording, Replay
from understudy.clock import RealClock
from understudy.errors import CassetteError
from understudy.providers import default_apis

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.cassettes import RecordedRequest

APIS = default_apis()
URL = "https://api.openai.com/v1/chat/completions"
JSON = [("content-type", "application/json")]


def request(body: bytes = b'{"model": "m"}') -> Request:
    """Return a request to a model."""
    return Request("POST", URL, {"content-type": "application/json"}, body)


def opened(path: Path, mode: str = "once", **options: Any) -> CassettePlayer:
    """Return a player with the cassette of that path."""
    cassette = Cassette.open(path, record_mode=mode)
    return CassettePlayer(cassette, clock=RealClock(), apis=APIS, **options)


def recording(player: CassettePlayer, asked: Request | None = None) -> Recording:
    """Return what records the answer to a request."""
    taken = player.take(asked or request())
    assert isinstance(taken, Recording)
    taken.answered({"origin": Origin.RECORDED})
    return taken


def answer(player: CassettePlayer, body: bytes = b"{}", asked: Request | None = None) -> None:
    """Let the player record an answer."""
    taken = recording(player, asked)
    taken.responded(200, JSON, decoded=True)
    taken.chunk(body)
    taken.end()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The path of a cassette that is not there yet."""
    return tmp_path / "c.yaml"


def test_what_was_recorded_is_played(path: Path) -> None:
    """Once for each time that it was recorded."""
    first = opened(path)
    answer(first)
    first.close()

    second = opened(path, "none")
    played = second.take(request())

    assert isinstance(played, Replay)
    assert b"".join(played.player()) == b"{}"
    assert (first.verdict, second.verdict) == ("recorded", "hit")


def test_deck_is_named_by_the_path_or_as_told(path: Path) -> None:
    """Events call the cassette so."""
    assert opened(path).name == str(path)
    assert opened(path, name="cassettes/c.yaml").name == "cassettes/c.yaml"


def test_miss_is_raised_and_remembered(path: Path) -> None:
    """Whatever becomes of the error, and with the message of the cassette."""
    player = opened(path, "none")

    with pytest.raises(CassetteMiss) as caught:
        player.take(request())

    assert player.misses == [caught.value]
    assert str(caught.value) == caught.value.miss.text
    assert caught.value.event_fields == {"cassette": str(path), "cassette_verdict": "miss"}
    assert player.verdict == "miss"


def test_miss_beside_a_hit_is_partial(path: Path) -> None:
    """As a hit beside a recording is."""
    first = opened(path)
    answer(first)
    first.close()

    second = opened(path, "none")
    second.take(request())
    with pytest.raises(CassetteMiss):
        second.take(request(b'{"model": "other"}'))
    third = opened(path, "new_episodes")
    third.take(request())
    answer(third, asked=request(b'{"model": "other"}'))

    assert (second.verdict, third.verdict) == ("partial", "partial")


def test_request_that_passes_by_is_counted(path: Path) -> None:
    """It is neither played nor recorded."""
    player = opened(path, "none", passing=Passing(ignore_hosts=frozenset({"api.openai.com"})))

    assert player.take(request()) is None
    assert (player.passed, player.verdict) == (1, "live")


def test_request_that_the_redactor_drops_is_counted(path: Path) -> None:
    """As vcrpy's `before_record_request` may say."""

    class Dropping:
        fingerprint = "drops all"

        def request(self, request: RecordedRequest) -> None:
            return None

        def recorded(self, recorded: Any) -> Any:
            return recorded

    cassette = Cassette.open(path, record_mode="once", treatment=Treatment(redactor=Dropping()))
    player = CassettePlayer(cassette, clock=RealClock(), apis=APIS)

    assert player.take(request()) is None
    assert player.passed == 1


@pytest.mark.parametrize("mode", ["once", "none"])
def test_websocket_is_nothing_to_record(path: Path, mode: str) -> None:
    """It passes by where it may go out, and is a miss where it may not."""
    player = opened(path, mode)
    asked = Request("GET", "https://api.openai.com/v1/realtime", {"upgrade": "websocket"}, b"")

    if mode == "once":
        assert player.take(asked) is None
    else:
        with pytest.raises(CassetteMiss):
            player.take(asked)


def test_deck_that_was_not_asked_has_no_verdict(path: Path) -> None:
    """Nothing was called."""
    assert opened(path).verdict is None


def test_what_nobody_closed_is_kept_at_the_end(path: Path) -> None:
    """As far as it was read."""
    player = opened(path)
    left = recording(player)
    left.responded(200, [("content-type", "text/event-stream")], decoded=True)
    left.chunk(b"data: 1\n\n")

    player.close()
    left.chunk(b"data: 2\n\n")
    left.end()

    (kept,) = Cassette.open(path).interactions
    assert (kept.response.body, kept.response.complete) == (b"data: 1\n\n", False)


@pytest.mark.parametrize(
    ("body", "complete"), [(b"data: [DONE]\n\n", True), (b'data: {"choices": []}\n\n', False)]
)
def test_wire_api_says_whether_a_stream_is_whole(path: Path, body: bytes, complete: bool) -> None:  # noqa: FBT001
    """Where nobody read it to its end."""
    player = opened(path)
    taken = recording(player, request(b'{"model": "m", "stream": true}'))
    taken.responded(200, [("content-type", "text/event-stream")], decoded=True)
    taken.chunk(body)
    taken.close()
    player.close()

    (kept,) = Cassette.open(path).interactions
    assert kept.response.complete is complete


def test_stream_of_no_model_is_whole_only_at_its_end(path: Path) -> None:
    """Nobody knows its last event."""
    player = opened(path)
    taken = recording(player, Request("GET", "https://example.org/feed", {}, b""))
    taken.responded(200, [], decoded=True)
    taken.chunk(b"data: [DONE]\n\n")
    taken.close()

    (kept,) = player.cassette.recorded
    assert not kept.response.complete


def test_interactions_stand_in_the_order_of_their_requests(path: Path) -> None:
    """Not in that of their answers."""
    player = opened(path)
    bodies = [b'{"model": "%d"}' % number for number in range(4)]
    taken = [recording(player, request(body)) for body in bodies]
    for one in reversed(taken):
        one.responded(200, JSON, decoded=True)
        one.end()
    player.close()

    assert [one.request.body for one in Cassette.open(path).interactions] == bodies


def test_recording_that_cannot_be_kept_is_told_at_the_end(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not to the application that reads the answer."""
    player = opened(path)

    def fail(*_: Any, **__: Any) -> None:
        msg = "the disk is full"
        raise CassetteError(msg)

    monkeypatch.setattr(player.cassette, "append", fail)
    answer(player)

    with pytest.raises(CassetteError, match="the disk is full"):
        player.close()


def test_answer_that_is_closed_in_the_middle_of_anything_is_kept(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The garbage collector may close a response while another one is stored or looked up."""
    player = opened(path)
    left = recording(player)
    left.responded(200, JSON, decoded=True)
    find = player.cassette.find

    def interrupted(asked: RecordedRequest) -> Any:
        left.close()
        return find(asked)

    monkeypatch.setattr(player.cassette, "find", interrupted)
    answer(player, asked=request(b'{"model": "other"}'))

    assert len(player.cassette.recorded) == 2


def test_recordings_that_ended_are_let_go(path: Path) -> None:
    """Only open ones are held."""
    player = opened(path)
    answer(player)
    taken = weakref.ref(recording(player, request(b'{"model": "other"}')))
    ended = taken()
    assert ended is not None

    ended.fail(KeyboardInterrupt())
    del ended
    gc.collect()

    assert taken() is None


def to(url: str) -> Request:
    return Request("GET", url, {}, b"")


@pytest.mark.parametrize(
    ("passing", "url", "expected"),
    [
        (Passing(), "http://127.0.0.1:8000/", False),
        (Passing(ignore_localhost=True), "http://127.0.0.1:8000/", True),
        (Passing(ignore_localhost=True), "http://localhost/", True),
        (Passing(ignore_localhost=True), "http://[::1]:8/", True),
        (Passing(ignore_localhost=True), "https://api.openai.com/", False),
        (Passing(ignore_hosts=frozenset({"api.openai.com"})), "https://api.openai.com/v1", True),
        (Passing(ignore_hosts=frozenset({"openai.com"})), "https://api.openai.com/v1", False),
    ],
)
def test_ignored_hosts_pass(*, passing: Passing, url: str, expected: bool) -> None:
    """By their whole name, as with vcrpy."""
    assert passing.lets_by(to(url)) is expected
