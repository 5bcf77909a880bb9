"""What SDKs report on their own, answered in place of its maker where it may not go out."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from ...calls import Origin
from ...clock import RealClock
from ...playback import AsyncPlayer, Playback, Player
from ...wire import is_report
from .._answer import PassThrough, Reserve
from ._reach import host_of, is_local

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...calls import Request
    from ...clock import Clock
    from .._answer import Answer
    from .._observer import Observation
    from ._guard import Guard

_NO_CONTENT: Final = 204


class Reports:
    """Takes reports where `guard` lets none out. Satisfies `understudy.intercept.Answerer`.

    It is asked before cassettes: a report is no part of a recording.
    """

    def __init__(self) -> None:
        self.guard: Guard | None = None

    def answer(
        self,
        request: Request,
        observation: Observation | None,  # noqa: ARG002 - it is no call
    ) -> PassThrough | Reserve | None:
        """Drop a report; one that may go out goes alone; None is for all else."""
        url = request.url
        if self.guard is None or not is_report(request.method, url):
            return None
        if not self.guard.may_reach(url):
            return Reserve(partial(_drop, self.guard, url))
        return None if is_local(host_of(url)) else PassThrough(None)


def _drop(guard: Guard, url: str) -> Answer:
    guard.drop(url)
    return _Taken()


class _Taken:
    """Says that a report was taken."""

    playback: Playback = Playback(status=_NO_CONTENT, chunks=[])
    event_fields: Mapping[str, Any] = MappingProxyType({"origin": Origin.MOCKED})
    clock: Clock = RealClock()

    def player(self, read_timeout: float | None = None) -> Player:
        return Player(self.playback, self.clock, began=0.0, read_timeout=read_timeout)

    def async_player(self, read_timeout: float | None = None) -> AsyncPlayer:
        return AsyncPlayer(self.playback, self.clock, began=0.0, read_timeout=read_timeout)
