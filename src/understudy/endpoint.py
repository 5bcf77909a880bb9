"""The hinge: a request to a provider in, a timed answer out.

What taps, routes and the gateway have in common; none of them knows rules or wire formats.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from .calls import is_loopback
from .delays import Profile, due_times
from .mock import MockError
from .playback import AsyncPlayer, Playback, Player
from .wire.writing import Reply

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .calls import Request
    from .clock import Clock
    from .mock import Decision, IncomingCall, MockedCall, MockLLM
    from .playback import Broken, Chunk
    from .wire import Question, Recognised, WireApis
    from .wire.writing import Kept, Piece

_Player = TypeVar("_Player", Player, AsyncPlayer)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that is ready to be played, once."""

    playback: Playback
    call: MockedCall
    mock: MockLLM

    @property
    def event_fields(self) -> dict[str, Any]:
        """The fields of the call's event that the wire does not tell."""
        return self.call.decision.event_fields(self.clock.name)

    @property
    def clock(self) -> Clock:
        """What it is played on: the mock's."""
        return self.mock.engine.clock

    def player(self, read_timeout: float | None = None) -> Player:
        """Return what plays it to a client that blocks, with its read time-out in seconds."""
        return self._play(Player, read_timeout)

    def async_player(self, read_timeout: float | None = None) -> AsyncPlayer:
        """Return what plays it to a client that awaits, with its read time-out in seconds."""
        return self._play(AsyncPlayer, read_timeout)

    def _play(self, player: type[_Player], read_timeout: float | None) -> _Player:
        self.call.read_timeout = read_timeout
        self.call.knows_timeout = True
        return player(
            self.playback,
            self.clock,
            began=self.call.began_at,
            read_timeout=read_timeout,
            on_end=self._ended,
        )

    def _ended(self, broken: Broken | None) -> None:
        engine = self.mock.engine
        self.call.ended_at = engine.clock.now()
        self.call.broken = broken
        engine.ended(self.call.call)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Answers the calls that go to providers, in their wire formats, as one mock says.

    `hosts` are the loopback addresses, with or without a port, that count as providers too.
    """

    mock: MockLLM
    apis: WireApis
    hosts: frozenset[str] = frozenset()

    def takes(self, recognised: Recognised) -> bool:
        """Tell whether such calls are answered: not those to loopback, nor what nobody writes."""
        target = recognised.target
        if is_loopback(target.host) and not {target.host, target.netloc} & self.hosts:
            return False
        return not self.apis.is_unwritten(recognised.api.wire_api)

    def answer(
        self,
        request: Request,
        recognised: Recognised,
        *,
        node_id: str | None = None,
        question: Question | None = None,
    ) -> Answered | None:
        """Answer a call; None where it goes to loopback, or is of an API that nobody writes.

        `node_id` is the test that makes the call, where the mock is of a wider scope; `question`
        is what is asked, where that was read already.

        Raises:
            UnmatchedCall: no rule answers it.
            MockError: it cannot be answered as the rules say.
        """
        if not self.takes(recognised):
            return None
        engine = self.mock.engine
        began_at = engine.clock.now()
        question = question or recognised.question(request)
        keeps: Kept | None = getattr(self.apis.writer_of(question.wire_api), "keeps", None)
        if keeps is not None:
            question = engine.conversations.resumed(question, keeps)
        call = engine.receive(request, recognised, question, node_id=node_id)
        try:
            decision = engine.decide(call)
            playback = self._playback(question, call, decision)
        except BaseException as error:
            engine.ended(call)
            if isinstance(error, Exception):
                msg = f"mock_llm cannot answer a call of {call.wire_api}: {error}"
                raise MockError(msg) from error
            raise
        if keeps is not None:
            engine.conversations.keep(question, decision, keeps)
        return Answered(playback, engine.record(call, decision, playback, began_at), self.mock)

    def _playback(self, question: Question, call: IncomingCall, decision: Decision) -> Playback:
        answer = decision.answer
        if isinstance(answer, Playback):
            return answer
        head_at, due, profile = 0.0, None, decision.profile
        is_instant = isinstance(profile, Profile) and profile.think_ms == profile.per_line_ms == 0
        if isinstance(answer, Reply) and not is_instant:
            due = due_times(profile, self.mock.engine.timed(call.seed))
            awaited = 1 if question.stream else max(1, len(answer.lines))
            head_at = next(islice(due, awaited - 1, None))
            answer = replace(answer, latency_ms=round(head_at * 1000))
        rendered = self.apis.write(question, answer)
        for named in decision.faults:
            rendered = named.fault.on_rendered(rendered, call)
        playback = Playback(
            status=rendered.status,
            headers=rendered.headers,
            head_at=head_at,
            chunks=_chunks(rendered.pieces, head_at, due if question.stream else None, decision),
        )
        for named in decision.faults:
            playback = named.fault.on_playback(playback, call)
        return playback


def _chunks(
    pieces: Iterable[Piece], head_at: float, due: Iterator[float] | None, decision: Decision
) -> Iterable[Chunk]:
    """Give each piece the moment of its line; without `due` all come with the head.

    Under load the moments are drawn while the answer is played.
    """
    if due is None:
        return [(head_at, data) for _, data in pieces]
    profile = decision.profile
    chunks = _in_time(pieces, head_at, due)
    return list(chunks) if isinstance(profile, Profile) and profile.load is None else chunks


def _in_time(pieces: Iterable[Piece], head_at: float, due: Iterator[float]) -> Iterator[Chunk]:
    line, at = 0, head_at
    for index, data in pieces:
        while index is not None and line < index:
            line, at = line + 1, next(due)
        yield at, data
