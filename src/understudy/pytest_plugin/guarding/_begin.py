"""Puts the guard up in a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...intercept.guard import Guard
from ._guarding import Guarding
from ._refused_call import RefusedCall

if TYPE_CHECKING:
    import pytest

    from ...app import Instrumentation
    from ...settings import Settings
    from ...wire import WireApis


def begin_guarding(
    config: pytest.Config, settings: Settings, rig: Instrumentation, apis: WireApis
) -> Guarding:
    """Return what guards the tests of a session, and hears pytest's hooks from now on."""
    owner = rig.telemetry.ownership.current
    guard = Guard(current_owner=owner, calling=rig.taps.calling, apis=apis, refuse=RefusedCall)
    guarding = Guarding(guard, settings, current_owner=owner, faults=rig.faults)
    config.pluginmanager.register(guarding, "understudy-guarding")
    config.add_cleanup(guarding.end)  # an interrupted test has no teardown
    return guarding
