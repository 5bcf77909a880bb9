"""What answers in the network's place, in tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy.clock import Clock, RealClock
from understudy.endpoint import Endpoint
from understudy.mock import MockLibrary, MockLLM
from understudy.playback import AsyncPlayer, Break, Playback, Player
from understudy.providers import default_apis

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.calls import Request
    from understudy.endpoint import Answered
    from understudy.intercept import Observation
    from understudy.playback import Broken

APIS = default_apis()


def talkative() -> MockLLM:
    """Return a mock that answers every call, in two lines."""
    mock = MockLLM(MockLibrary.default(), clock=RealClock())
    mock.reply("Bonjour\ntout le monde")
    return mock


@dataclass
class Mocked:
    """An `Answerer` that asks a mock."""

    mock: MockLLM = field(default_factory=talkative)

    def answer(self, request: Request, observation: Observation | None) -> Answered | None:
        """Answer what is a call to a model."""
        recognised = APIS.recognise(request)
        if recognised is None:
            return None
        return Endpoint(self.mock, APIS).answer(request, recognised)


@dataclass
class Canned:
    """An `Answerer` and its one `Answer`: a playback, as often as asked."""

    playback: Playback
    clock: Clock = field(default_factory=RealClock)
    read_timeouts: list[float | None] = field(default_factory=list)
    ended: list[Broken | None] = field(default_factory=list)

    @property
    def event_fields(self) -> dict[str, Any]:
        """Where the answer comes from."""
        return {"origin": "mocked"}

    def answer(self, request: Request, observation: Observation | None) -> Canned:
        """Answer everything."""
        return self

    def player(self, read_timeout: float | None = None) -> Player:
        """Return what plays it."""
        player: Player = self._play(Player, read_timeout)
        return player

    def async_player(self, read_timeout: float | None = None) -> AsyncPlayer:
        """Return what plays it to those who await."""
        player: AsyncPlayer = self._play(AsyncPlayer, read_timeout)
        return player

    def _play(self, kind: Callable[..., Any], read_timeout: float | None) -> Any:
        self.read_timeouts.append(read_timeout)
        return kind(
            self.playback,
            self.clock,
            began=self.clock.now(),
            read_timeout=read_timeout,
            on_end=self.ended.append,
        )


def pieces(*data: bytes, gap: float = 0.0, broken: Break | None = None) -> Playback:
    """Return an answer of pieces of plain text, `gap` seconds apart."""
    return Playback(
        status=200,
        headers=(("content-type", "text/plain; charset=utf-8"), ("x-request-id", "req_1")),
        chunks=[(gap * place, one) for place, one in enumerate(data)],
        broken=broken,
    )


def refused_before_head(kind: Any) -> Playback:
    """Return an answer that never comes, because of a breakage of that kind."""
    return Playback(status=200, broken=Break(kind=kind, before_head=True))
