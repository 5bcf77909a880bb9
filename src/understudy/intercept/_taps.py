"""All taps together: installed for one observer, and undone."""

from __future__ import annotations

from functools import partial
from threading import RLock
from typing import TYPE_CHECKING, Final, NamedTuple

from . import clients
from ._attempts import HttpAttempts
from ._patches import ImportHook, Installable, Patches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType

    from ..calls import Request
    from ._answer import Answerer
    from ._observer import Observer


class Tap(NamedTuple):
    """How the module that is called `module` is tapped.

    `apply` wraps what sends requests in it when it is there, so that each opens an attempt, and
    raises AttributeError where the module is of a version that it does not know.
    """

    module: str
    apply: Callable[[ModuleType, Patches, HttpAttempts], None]


ALL_TAPS: Final = (
    Tap("httpx._client", clients.tap_httpx),
    Tap("httpx2._client", clients.tap_httpx),
    Tap("aiohttp.client", clients.tap_aiohttp),
    Tap("aioresponses.core", clients.tap_aioresponses),
    Tap("vcr.stubs.aiohttp_stubs", clients.tap_vcr_aiohttp),
    Tap("urllib3.connectionpool", clients.tap_urllib3),
    Tap("urllib3.poolmanager", clients.tap_urllib3_manager),
    Tap("requests.sessions", clients.tap_requests),
    Tap("requests_mock.mocker", clients.tap_requests_mock),
    Tap("vcr.cassette", clients.tap_vcr_cassette),
)


class Taps(Installable):
    """Shows an observer every HTTP attempt of the tapped clients, while installed.

    `answerer` is asked for an answer before each request goes out, by the outermost client
    that the request passes. While `reads_uploads()` holds, and where `reads_upload(request)` says
    so of its head, bodies that the application streams are read before they are sent, so that
    `Request.body` is whole; they are empty otherwise, and told of when they are sent. Clients
    that are not imported yet are tapped when they are. May be installed from several
    places: the last one to uninstall undoes everything.
    """

    def __init__(
        self,
        observer: Observer,
        taps: Iterable[Tap] = ALL_TAPS,
        *,
        answerer: Answerer | None = None,
        reads_uploads: Callable[[], bool] = bool,
        reads_upload: Callable[[Request], bool] | None = None,
    ) -> None:
        self._attempts = HttpAttempts(
            observer, answerer, reads_uploads=reads_uploads, reads_upload=reads_upload
        )
        self._patches = Patches()
        self._hook = ImportHook({tap.module: partial(self._apply, tap) for tap in taps})
        self._lock = RLock()
        self._users = 0

    def calling(self) -> tuple[str, Request] | None:
        """Return the client and the request that the running code is sending, None for none."""
        attempt = self._attempts.current
        if attempt is None or not attempt.is_sending:
            return None
        return attempt.client, attempt.request

    def install(self) -> None:
        """Tap the clients that are imported, and from now on those that get imported."""
        with self._lock:
            self._users += 1
            if self._users > 1:
                return
            self._attempts.active = True
        # Not under the lock: it may wait for another thread's import, which calls back.
        self._hook.install()

    def uninstall(self) -> None:
        """Undo it all, where nobody else has the taps installed."""
        with self._lock:
            self._users = max(0, self._users - 1)
            if self._users:
                return
            self._attempts.active = False
            self._hook.remove()
            self._patches.undo()

    def _apply(self, tap: Tap, module: ModuleType) -> None:
        with self._lock:
            if self._attempts.active:
                self._attempts.harmless(tap.apply, module, self._patches, self._attempts)
