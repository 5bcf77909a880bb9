"""Answers requests from the cassette that is in force for whoever sends them."""

from __future__ import annotations

import sys
from http import client as http_client
from typing import TYPE_CHECKING

from ...cassettes.player import CassetteMiss, Recording
from .._answer import PassThrough

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...calls import Request
    from ...cassettes.player import CassetteStack, Replay
    from .._observer import Observation


class CassetteAnswerer:
    """Satisfies `understudy.intercept.Answerer`.

    Where a cassette of vcrpy's own is active, it has the word: ours does nothing beside it.

    Args:
        stack: those that may be in force.
        owner: tells on whose behalf the running code works; None where nobody is asked.
    """

    def __init__(
        self, stack: CassetteStack, *, current_owner: Callable[[], object] | None = None
    ) -> None:
        self._stack = stack
        self._current_owner = current_owner

    def answer(
        self, request: Request, observation: Observation | None
    ) -> Replay | PassThrough | None:
        """Play what is recorded, record what may be; None lets the request go out.

        Raises:
            CassetteMiss: neither.
        """
        if not self._stack:
            return None
        player = self._stack.current(None if self._current_owner is None else self._current_owner())
        if player is None or is_vcrpy_active():
            return None
        try:
            taken = player.take(request)
        except CassetteMiss as miss:
            if observation is not None:
                observation.answered(miss.event_fields)
            raise
        return PassThrough(taken, taken.event_fields) if isinstance(taken, Recording) else taken


def is_vcrpy_active() -> bool:
    """Tell whether a cassette of vcrpy's own has its patches in place."""
    stubs = sys.modules.get("vcr.stubs")
    return stubs is not None and issubclass(http_client.HTTPConnection, stubs.VCRConnection)
