"""The places where respx takes requests: the engine of httpx, and that of httpx2."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import httpx
from respx.mocks import Mocker
from respx.models import AllMockedAssertionError, PassThrough

from ...errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._routes import Routes


@dataclass(frozen=True, slots=True)
class Engine:
    """The module of a client whose requests respx can take, and respx's mocker for it."""

    client: Any
    mocker: type[Mocker]


def engines() -> list[Engine]:
    """Return the engines of the clients that are installed.

    Raises:
        SettingsError: httpx2 is there, and nothing that lets respx take its requests.
    """
    found = [Engine(httpx, Mocker.registry["httpcore"])]
    if find_spec("httpx2") is None:
        return found
    if find_spec("pytest_httpx2") is None:
        msg = (
            "respx does not see calls of httpx2, which would go to the network: "
            "pip install 'pytest-understudy[respx]' brings pytest-httpx2, which makes it."
        )
        raise SettingsError(msg)
    import_module("pytest_httpx2._plugin")  # makes its mocker known to respx
    return [*found, Engine(import_module("httpx2"), Mocker.registry["httpcore2"])]


@contextmanager
def patched(routes: Routes) -> Iterator[None]:
    """Let `routes` take the requests of every engine."""
    doors = [_Door(routes, engine) for engine in engines()]
    for door in doors:
        door.engine.mocker.register(door)  # type: ignore[arg-type]  # all that respx calls is there
        door.engine.mocker.start()
    try:
        yield
    finally:
        for door in doors:
            door.engine.mocker.unregister(door)  # type: ignore[arg-type]
            door.engine.mocker.stop()


class _Door:
    """Where the requests of one engine come in.

    What no route takes goes on to the network, where the guard stands; errors that a route
    raises as httpx's own become those of the client that called.
    """

    def __init__(self, routes: Routes, engine: Engine) -> None:
        self._routes = routes
        self.engine = engine

    def handler(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of a client that blocks."""
        try:
            return self._routes.handler(request)
        except (httpx.RequestError, AllMockedAssertionError) as error:
            raise self._translated(error, request) from error

    async def async_handler(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of a client that awaits."""
        try:
            return await self._routes.async_handler(request)
        except (httpx.RequestError, AllMockedAssertionError) as error:
            raise self._translated(error, request) from error

    def _translated(self, error: Exception, request: httpx.Request) -> Exception:
        if isinstance(error, AllMockedAssertionError):
            is_alone = len(self.engine.mocker.routers) == 1
            return PassThrough(str(error), request=request, origin=None) if is_alone else error  # type: ignore[arg-type]  # no route did it
        kind: type[Exception] = getattr(self.engine.client, type(error).__name__)
        return kind(str(error))
