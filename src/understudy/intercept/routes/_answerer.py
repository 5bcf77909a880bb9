"""Answers the calls that ready routes take, and leaves to respx what other routes take."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

import httpx

from .._answer import PassThrough
from ._routes import ProviderRoute, Routes

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from ...calls import Request
    from ...endpoint import Answered, Endpoint
    from ...playback import Playback
    from ...telemetry import Owner
    from ...wire import WireApis
    from .._observer import Observation


@dataclass(frozen=True, eq=False, slots=True)
class RouteAnswerer:
    """Satisfies `understudy.intercept.Answerer`, for the calls of everybody.

    `owner` tells whose code is running; `noted` keeps what the understudy cannot answer.
    """

    routes: Routes
    endpoint: Endpoint
    _: KW_ONLY
    apis: WireApis
    current_owner: Callable[[], Owner]
    noted: Callable[[Owner], AbstractContextManager[None]]

    def answer(
        self,
        request: Request,
        observation: Observation | None,  # noqa: ARG002
    ) -> Answered | PassThrough | None:
        """Answer what a ready route takes; a `PassThrough` leaves it to respx, None to others."""
        asked = httpx.Request(
            request.method, request.url, headers=dict(request.headers), content=request.body
        )
        route = self.routes.taking(asked)
        if route is None:
            return None
        if not isinstance(route, ProviderRoute) or not route.is_ready:
            return PassThrough(None)
        route.speak()
        answered = self._answered(request)
        response = None if answered is None else _response(answered.playback)
        self.routes.record(asked, response=response, route=route)
        return answered

    def _answered(self, request: Request) -> Answered | None:
        recognised = self.apis.recognise(request)
        assert recognised is not None, "a ready route takes nothing else"
        owner = self.current_owner()
        with self.noted(owner):
            return self.endpoint.answer(request, recognised, node_id=owner.phase_id)


def _response(playback: Playback) -> httpx.Response | None:
    """Return what a route shows of an answer that is known in full before it is played."""
    if playback.broken is not None or not isinstance(playback.chunks, list):
        return None
    content = b"".join(data for _, data in playback.chunks)
    return httpx.Response(playback.status, headers=list(playback.headers), content=content)
