"""What may stand between the tests and the network: mocks, routes, cassettes, the guard."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._routing import Routing
from ._usage import uses_routes
from .faulting import Faulting
from .guarding import begin_guarding
from .mocking import Mocking, StageTime, clock_of
from .replaying import Replaying

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pytest

    from ..app import Extensions, Instrumentation
    from ..settings import Settings
    from ._answering import Answering
    from .guarding import Guarding


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """One of each, for one process."""

    config: pytest.Config
    guarding: Guarding
    mocking: Mocking
    faulting: Faulting
    routing: Routing
    replaying: Replaying

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let them hear of the tests, and of calls outside of tests."""
        self.config.pluginmanager.register(self.faulting, "understudy-faults")
        StageTime.begin(self.config, self.mocking.clock)
        with self.mocking.running(), self.replaying.running():
            yield

    def check(self, items: Sequence[pytest.Item]) -> None:
        """Refuse markers that mean nothing or contradict each other, before any test runs.

        Raises:
            pytest.UsageError: says which marker of which test.
        """
        self.mocking.check(items)
        self.replaying.check(items)
        self.faulting.check(items)

    def worker_down(self, handed: dict[str, Any]) -> None:
        """Take what an xdist worker hands back; one that crashed hands back nothing."""
        self.mocking.worker_down(handed)
        self.replaying.account.take(handed)

    @property
    def notices(self) -> list[Callable[[], Iterable[str]]]:
        """What is to be said at the end of a run."""
        return [self.mocking.account.lines, self.replaying.account.notices]

    @property
    def facts(self) -> list[Callable[[], Iterable[str]]]:
        """What stands in the summary of a run."""
        return [self.replaying.account.facts]


def make_parts(
    config: pytest.Config,
    settings: Settings,
    extensions: Extensions,
    *,
    rig: Instrumentation,
    answering: Answering,
) -> Parts:
    """Make the parts of a process and connect them.

    Raises:
        pytest.UsageError: a setting or a table is wrong.
    """
    clock = clock_of(settings, config)
    guarding = begin_guarding(config, settings, rig, extensions.apis)
    mocking = Mocking(config, settings, extensions, rig=rig, answering=answering, clock=clock)
    mocking.companions.append(guarding.protected)
    guarding.reasons.append(lambda item: mocking.mocks(item) or uses_routes(item) or None)
    faulting = Faulting(settings, mocking)
    mocking.prepare.append(faulting.prepare)
    routing = Routing(
        settings=settings, rig=rig, apis=extensions.apis, mocking=mocking, answering=answering
    )
    replaying = Replaying(
        config, settings, extensions, rig=rig, answering=answering, guarding=guarding, clock=clock
    )
    return Parts(
        config=config,
        guarding=guarding,
        mocking=mocking,
        faulting=faulting,
        routing=routing,
        replaying=replaying,
    )
