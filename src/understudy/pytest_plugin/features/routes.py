"""The routes of a test: respx's router, with the understudy behind it."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

import pytest

from ...errors import SettingsError
from .._feature import Feature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ...intercept.routes import Routes
    from ...telemetry import Owner, Ownership
    from ...wire import WireApis
    from .._running_test import RunningTest
    from .mocks import Mocks, OpenRoutes

#: Where a provider's server may answer on this machine; who names its route wants it mocked.
_LOCAL: Final = ("localhost", "127.0.0.1", "[::1]")


class RespxRoutes(Feature):
    """Opens routes, each for one test, whose mock is like that of `mock_llm`.

    Args:
        open_routes: those that answer.
        protected: blocks the network for an owner beside routes of theirs.
    """

    asked_by = frozenset({"llm_api"})

    def __init__(
        self,
        mocks: Mocks,
        open_routes: OpenRoutes,
        *,
        ownership: Ownership,
        apis: WireApis,
        protected: Callable[[Owner | None], AbstractContextManager[None]],
    ) -> None:
        self._mocks = mocks
        self._open_routes = open_routes
        self._ownership = ownership
        self._apis = apis
        self._protected = protected

    def guards(self, _: RunningTest) -> bool:
        """Guard tests that have routes."""
        return True

    @contextmanager
    def open(self, owner: Owner) -> Iterator[Routes]:
        """Route the calls of a test, which is guarded meanwhile.

        The test fails where respx is missing, or what makes it see httpx2.
        """
        with _failing_in_one_line():
            from ...intercept.routes import RouteAnswerer, Routes, patched  # noqa: PLC0415 - an extra brings it
        endpoint = self._mocks.endpoint_for(owner, extra_hosts=_servers(self._apis))
        routes = Routes(endpoint.mock, self._apis)
        answerer = RouteAnswerer(
            routes,
            endpoint,
            apis=self._apis,
            current_owner=self._ownership.current,
            noted=self._noted,
        )
        with ExitStack() as stack:
            stack.enter_context(self._protected(owner))
            stack.enter_context(self._open_routes.opened(answerer))
            with _failing_in_one_line():
                stack.enter_context(patched(routes))
            yield routes

    @contextmanager
    def _noted(self, owner: Owner) -> Iterator[None]:
        active = self._mocks.active
        try:
            yield
        except BaseException as error:
            active.note_unanswered(owner, error)
            raise
        active.answered += 1


@contextmanager
def _failing_in_one_line() -> Iterator[None]:
    try:
        yield
    except (ModuleNotFoundError, SettingsError) as error:
        name = (getattr(error, "name", None) or "").partition(".")[0]
        needs = f"llm_api needs {name}: pip install 'pytest-understudy[respx]'."
        raise pytest.fail.Exception(needs if name else str(error), pytrace=False) from None


def _servers(apis: WireApis) -> frozenset[str]:
    ports = [port for provider in apis.providers for port in provider.ports]
    return frozenset(f"{host}:{port}" for host in _LOCAL for port in ports)
