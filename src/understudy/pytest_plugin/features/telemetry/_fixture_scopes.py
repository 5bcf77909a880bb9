"""Calls of a fixture of wider scope, in its set-up and its teardown, are the fixture's."""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final, Self

from ....telemetry import Owner

if TYPE_CHECKING:
    from types import TracebackType

    import pytest

    from ....app import Instrumentation
    from ._phases import Phases

#: pytest makes fixtures of setup_module, setUpClass and their like.
_MADE_BY_PYTEST: Final = re.compile(r"^_(?:xunit|unittest)_(\w+?)_fixture_")


class FixtureScope:
    """Makes a fixture the owner of calls while its own code runs.

    Finalizers run in the order last in, first out: the one added before the set-up runs
    after the fixture's own teardown, the one added behind it runs before.
    """

    def __init__(
        self,
        fixturedef: pytest.FixtureDef[Any],
        instrumentation: Instrumentation,
        phases: Phases,
        *,
        worker: str,
    ) -> None:
        self._fixturedef = fixturedef
        self._instrumentation = instrumentation
        self._phases = phases
        self._loan = ExitStack()
        name = f"fixture:{_name(fixturedef.argname)}"
        # Each set-up is a phase of its own: how many a worker makes depends on what it runs.
        self._owner = Owner(phase_id=name, worker=worker, rerun=phases.begin(name), is_fixture=True)

    def __enter__(self) -> Self:
        self._fixturedef.addfinalizer(self._end_teardown)
        self._borrow("setup")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loan.close()
        self._fixturedef.addfinalizer(self._begin_teardown)

    def _begin_teardown(self) -> None:
        self._borrow("teardown")

    def _end_teardown(self) -> None:
        self._loan.close()
        self._instrumentation.recorder.flush(self._owner)
        if self._owner.count:
            self._phases.write_fixture(self._owner)

    def _borrow(self, stage: Any) -> None:
        self._owner.stage = stage
        self._loan.enter_context(self._instrumentation.telemetry.ownership.lent_to(self._owner))


def _name(argname: str) -> str:
    made = _MADE_BY_PYTEST.match(argname)
    return made[1] if made else argname
