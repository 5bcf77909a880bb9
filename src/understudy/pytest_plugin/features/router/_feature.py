"""Makes the router of a test."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..._feature import Feature
from ...markers._mocks import planned_for, profile_of
from ...markers._router import MARKER, tables_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ....clock import Clock
    from ....routing import Attempt
    from ....telemetry import Telemetry
    from ..._context import RunContext
    from ..._running_test import RunningTest
    from ..mocks import Mocks
    from ._mocked_router import LLMRouter


class Routers(Feature):
    """The routers of tests. Nothing of them is loaded until the first one is asked for."""

    asked_by = frozenset({MARKER})

    def __init__(
        self, context: RunContext, telemetry: Telemetry, clock: Clock, *, mocks: Mocks
    ) -> None:
        self._context = context
        self._telemetry = telemetry
        self._clock = clock
        self._mocks = mocks

    @contextmanager
    def router_of(self, test: RunningTest) -> Iterator[LLMRouter]:
        """Give the router of a test, set up as its marker says.

        Raises:
            pytest.UsageError: the marker is wrong.
        """
        from ....routing import Callbacks  # noqa: PLC0415 - who asks pays
        from ._mocked_router import LLMRouter, Surroundings  # noqa: PLC0415

        context = self._context
        around = Surroundings(
            root=context.root,
            materials=context.materials,
            profile=profile_of(test.item, context.settings),
            prices=self._telemetry.prices,
            clock=self._clock,
            seed=context.settings.seed,
            faults=planned_for(test.item, context.settings),
            callbacks=Callbacks(on_attempt=self._count),
        )
        router = LLMRouter(around, tables_of(test.item, context.root))
        try:
            yield router
        finally:
            router.close()

    def _count(self, _: Attempt) -> None:
        """Count a call that a mock of a router answered, as those of other mocks."""
        self._mocks.active.answered += 1
