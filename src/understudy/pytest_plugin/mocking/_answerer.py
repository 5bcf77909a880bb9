"""Answers calls by the mock that is in force for whoever makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...mock import MockError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...calls import Request
    from ...endpoint import Answered
    from ...intercept import Observation
    from ...telemetry import Owner
    from ...wire import WireApis
    from ._misses import Misses
    from ._seats import Seats


class MockAnswerer:
    """Satisfies `understudy.intercept.Answerer`; `answered` counts its answers."""

    def __init__(
        self, seats: Seats, misses: Misses, *, current_owner: Callable[[], Owner], apis: WireApis
    ) -> None:
        self.answered = 0
        self._seats = seats
        self._misses = misses
        self._current_owner = current_owner
        self._apis = apis

    def answer(
        self,
        request: Request,
        observation: Observation | None,  # noqa: ARG002
    ) -> Answered | None:
        """Answer a call to a model, as the mock of its owner says; None lets it go out."""
        owner = self._current_owner()
        endpoint = self._seats.of(owner)
        if endpoint is None:
            return None
        recognised = self._apis.recognise(request)
        if recognised is None:
            return None
        try:
            answered = endpoint.answer(request, recognised, node_id=owner.phase_id)
        except MockError as error:
            self._misses.note(owner, error)
            raise
        self.answered += answered is not None
        return answered
