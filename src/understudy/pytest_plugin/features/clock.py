"""The clock of a run; a virtual one is in force during each stage of each test."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from ...clock import RealClock, VirtualClock
from .._feature import Feature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

    from .._context import RunContext


class RunClock(Feature):
    """Knows what time it is in the tests."""

    def __init__(self, context: RunContext) -> None:
        self.clock: RealClock | VirtualClock = RealClock()
        #: Returns what puts the clock in force for a stage of a test.
        self.in_force: Callable[[], AbstractContextManager[object]] = nullcontext
        if context.settings.clock == "virtual":  # other plugins of pytest keep the machine's time
            self.clock = VirtualClock(real_time_for=_packages_of_plugins(context.config))
            self.in_force = self.clock.running


def _packages_of_plugins(config: pytest.Config) -> Iterator[str]:
    """Yield the packages of installed plugins; a suite's own conftest files are none of them."""
    for _, distribution in config.pluginmanager.list_plugin_distinfo():
        for entry in distribution.entry_points:
            if entry.group == "pytest11":
                yield entry.value.partition(":")[0].partition(".")[0]
