"""Event loops whose time nobody can move."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest

from understudy.clock import ClockError, VirtualClock


@pytest.fixture
def uvloop(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A module of that name with a loop that notes its runs."""

    class Loop:
        runs = 0

        def run_forever(self) -> None:
            self.runs += 1

    module: Any = ModuleType("uvloop")
    module.Loop = Loop
    monkeypatch.setitem(sys.modules, "uvloop", module)
    return module


def test_such_a_loop_does_not_start(uvloop: Any) -> None:
    """The message says what to do."""
    loop = uvloop.Loop()

    with VirtualClock().running(), pytest.raises(ClockError, match="--llm-clock=real"):
        loop.run_forever()

    assert loop.runs == 0


def test_it_starts_again_afterwards(uvloop: Any) -> None:
    """The method is its own."""
    loop = uvloop.Loop()
    with VirtualClock().running():
        pass

    loop.run_forever()

    assert loop.runs == 1
