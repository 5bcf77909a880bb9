"""Who watches the calls of mocks that no HTTP client makes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ...telemetry import CallObservation, Recorder, Telemetry, active_telemetry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...calls import Request
    from ...endpoint import Answered
    from ...playback import AsyncPlayer, Player
    from ...wire import WireApis


class Watch:
    """Tells the telemetry that runs, if one does, of one call as it is played."""

    def __init__(self, apis: WireApis, request: Request) -> None:
        self._observation = _begun(apis, request)

    def answered(self, answered: Answered) -> None:
        """Say where the answer comes from."""
        if self._observation is not None:
            self._observation.answered(answered.event_fields, answered.clock)

    def responded(self, player: Player | AsyncPlayer) -> None:
        """Say that status and headers are there."""
        if self._observation is not None:
            headers = [(name.lower(), value) for name, value in player.headers]
            self._observation.responded(player.status, headers, decoded=True)

    def seen(self, data: bytes) -> bytes:
        """Return a piece of the body that reached the caller."""
        if self._observation is not None:
            self._observation.chunk(data)
        return data

    @contextmanager
    def ending(self) -> Iterator[None]:
        """Say how the call ends: read to its end, left, or failed."""
        observation = self._observation
        if observation is None:
            yield
            return
        try:
            yield
        except GeneratorExit:
            observation.close()
            raise
        except BaseException as error:
            observation.fail(error)
            raise
        observation.end()


def _begun(apis: WireApis, request: Request) -> CallObservation | None:
    telemetry = active_telemetry()
    if not isinstance(telemetry, Telemetry):
        return None
    recorder = Recorder(telemetry=telemetry, apis=apis, keeps_content=False)
    observation = recorder.begin("mock", request)
    return observation if isinstance(observation, CallObservation) else None
