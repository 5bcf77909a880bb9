"""The virtual clock runs while tests do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ...clock import RealClock, VirtualClock

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from ...settings import Settings


def clock_of(settings: Settings, config: pytest.Config) -> RealClock | VirtualClock:
    """Return the clock of a session; other plugins of pytest keep the machine's time."""
    if settings.clock == "real":
        return RealClock()
    return VirtualClock(real_time_for=_packages_of_plugins(config))


class StageTime:
    """Puts a virtual clock in force during each stage of each test."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock

    @classmethod
    def begin(cls, config: pytest.Config, clock: RealClock | VirtualClock) -> None:
        """Hear of tests from now on, where the clock is a virtual one."""
        if isinstance(clock, VirtualClock):
            config.pluginmanager.register(cls(clock), "understudy-clock")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self) -> Generator[None, Any, Any]:
        """Fixtures are set up on the clock."""
        with self._clock.running():
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self) -> Generator[None, Any, Any]:
        """The test runs on the clock."""
        with self._clock.running():
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Generator[None, Any, Any]:
        """Fixtures are torn down on the clock."""
        with self._clock.running():
            return (yield)


def _packages_of_plugins(config: pytest.Config) -> Iterator[str]:
    """Yield the packages of installed plugins; a suite's own conftest files are none of them."""
    for _, distribution in config.pluginmanager.list_plugin_distinfo():
        for entry in distribution.entry_points:
            if entry.group == "pytest11":
                yield entry.value.partition(":")[0].partition(".")[0]
