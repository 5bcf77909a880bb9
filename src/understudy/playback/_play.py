"""What both players have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._timeline import timeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..clock import Clock
    from ._breakage import Broken
    from ._playback import Playback


class Play:
    """How far an answer was played.

    Args:
        playback: the answer.
        clock: what to wait on.
        began: when the request began, as `clock.now()` told it.
        read_timeout: seconds that the client waits for the next bytes; None is for ever.
        on_end: called once, when the answer has ended, broken off or been given up.
    """

    __slots__ = (
        "_began",
        "_clock",
        "_has_head",
        "_is_over",
        "_on_end",
        "_timeline",
        "headers",
        "status",
    )

    def __init__(
        self,
        playback: Playback,
        clock: Clock,
        *,
        began: float,
        read_timeout: float | None = None,
        on_end: Callable[[Broken | None], None] | None = None,
    ) -> None:
        self.status = playback.status
        self.headers = playback.headers
        self._clock = clock
        self._began = began
        self._on_end = on_end
        self._timeline = timeline(playback, read_timeout, waits=clock.name == "virtual")
        self._has_head = False
        self._is_over = False

    def close(self) -> None:
        """Give the rest up."""
        self._finish(None)

    def _finish(self, broken: Broken | None) -> None:
        if self._is_over:
            return
        self._is_over = True
        if self._on_end is not None:
            self._on_end(broken)
