"""Opens the attempts: one for each HTTP request, however many clients it passes."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

from ._attempt import HttpAttempt

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..calls import Request
    from ._answer import Answerer
    from ._observer import Observer

_T = TypeVar("_T")


class HttpAttempts:
    """Opens an attempt for each request that goes out, while active.

    A request that passes two tapped clients on its way (httpx over an aiohttp transport)
    is one attempt, opened by the outer one. The taps reach all of their own code through
    `harmless`, so that what it does wrong never reaches the application.
    """

    def __init__(
        self,
        observer: Observer,
        answerer: Answerer | None = None,
        *,
        reads_uploads: Callable[[], bool] = bool,
    ) -> None:
        self._observer = observer
        self.answerer = answerer
        self._reads_uploads = reads_uploads
        self._sending: ContextVar[HttpAttempt | None] = ContextVar("attempt", default=None)
        self.active = False

    @property
    def current(self) -> HttpAttempt | None:
        """The attempt whose answer the running code is about to give."""
        return self._sending.get()

    @property
    def reads_uploads(self) -> bool:
        """Whether bodies that the application streams are read before they are sent."""
        return self.active and self._reads_uploads()

    def begin(
        self, client: str, describe: Callable[..., Request], *parts: Any
    ) -> HttpAttempt | None:
        """Open the attempt of the request that `describe(*parts)` returns.

        None where there is none to open: the taps are undone, or the request belongs to
        an attempt that is open already.
        """
        if not self.active:
            return None
        request = describe(*parts)
        outer = self._sending.get()
        if outer is not None and outer.carries(request):
            outer.reached_network = True
            return None
        observation = self._observer.begin(client, request)
        return HttpAttempt(
            client,
            request,
            observation,
            answerer=self.answerer,
            sending=self._sending,
            harmless=self.harmless,
        )

    def harmless(self, action: Callable[..., _T], *args: Any) -> _T | None:
        """Return `action(*args)`, or None where it fails: the observer is told, nobody else."""
        try:
            return action(*args)
        except Exception as error:  # noqa: BLE001 - the one wall between us and the application
            self._observer.fault(error)
            return None
