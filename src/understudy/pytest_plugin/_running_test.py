"""The test that runs now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from ..clock import RealClock, VirtualClock
    from ..events import Stage
    from ..telemetry import Owner


@dataclass(eq=False, slots=True)
class RunningTest:
    """One run of a test, from its set-up to its last report.

    `owner` is whose its calls are, `clock` that of the run. `stage` runs, or ended last; `outcome`
    is what it raised, None where it raised nothing.
    """

    item: pytest.Item
    owner: Owner
    clock: RealClock | VirtualClock
    stage: Stage = "setup"
    outcome: BaseException | None = None
