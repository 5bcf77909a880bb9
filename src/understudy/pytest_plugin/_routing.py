"""Opens the routes of a test: respx's router, with the understudy behind it."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..app import Instrumentation
    from ..intercept.routes import Routes
    from ..settings import Settings
    from ..telemetry import Owner
    from ..wire import WireApis
    from ._answering import Answering
    from .mocking import Mocking

#: Ollama answers on this machine; who names its route wants it mocked.
_OLLAMA: Final = frozenset({"localhost:11434", "127.0.0.1:11434", "[::1]:11434"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """Makes routes, each for one test, whose mock is like that of `mock_llm`."""

    settings: Settings
    rig: Instrumentation
    apis: WireApis
    mocking: Mocking
    answering: Answering

    @contextmanager
    def open(self, owner: Owner) -> Iterator[Routes]:
        """Route the calls of a test, which is guarded meanwhile.

        Raises:
            SettingsError: respx is missing, or what makes it see httpx2.
        """
        try:
            from ..intercept.routes import Routes, patched  # noqa: PLC0415 - an extra brings it
        except ModuleNotFoundError as error:
            msg = f"llm_api needs {error.name}: pip install 'pytest-understudy[respx]'."
            raise SettingsError(msg) from error
        routes = Routes(self.mocking.new_mock(owner), self.apis)
        with ExitStack() as stack:
            for companion in self.mocking.companions:
                stack.enter_context(companion(owner))
            stack.enter_context(self._answered(routes))
            stack.enter_context(patched(routes))
            yield routes

    @contextmanager
    def _answered(self, routes: Routes) -> Iterator[None]:
        from ..endpoint import Endpoint  # noqa: PLC0415 - only who mocks anything pays for it
        from ..intercept.routes import RouteAnswerer  # noqa: PLC0415 - as above
        from ..wire.writing import Answers  # noqa: PLC0415 - as above

        hosts = _OLLAMA.union(self.settings.mock_hosts)
        answerer = RouteAnswerer(
            routes,
            Endpoint(routes.mock_llm, Answers.default(), hosts=hosts),
            apis=self.apis,
            current_owner=self.rig.telemetry.ownership.current,
            noted=self._noted,
        )
        self.answering.members.insert(0, answerer)
        try:
            yield
        finally:
            self.answering.members.remove(answerer)

    @contextmanager
    def _noted(self, owner: Owner) -> Iterator[None]:
        from ..mock import MockError  # noqa: PLC0415 - only who mocks anything pays for it

        cast = self.mocking.cast
        try:
            yield
        except MockError as error:
            cast.misses.note(owner, error)
            raise
        cast.answerer.answered += 1
