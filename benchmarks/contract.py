"""The whole router contract against our own router, in simulated time.

Target: below a second. What pytest itself takes for as many tests is not in it.
"""

from __future__ import annotations

from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Final

from understudy.clock import VirtualClock
from understudy.contracts import (
    Lacks,
    RouterContract,
    own_blocking_router_adapter,
    own_router_adapter,
)
from understudy.contracts._cases import cases_of
from understudy.contracts._rig import Rig

if TYPE_CHECKING:
    from understudy.contracts import AdapterMaker

_REPEATS: Final = 7
_TARGET: Final = 1.0


def main() -> None:
    """Print the time of all checks, awaited and blocking."""
    for name, adapter in (
        ("awaited", own_router_adapter),
        ("blocking", own_blocking_router_adapter),
    ):
        runs = [_once(adapter) for _ in range(_REPEATS + 1)][1:]
        wall, cpu = (median(column) for column in zip(*runs, strict=True))
        best = min(run[0] for run in runs)
        verdict = "met" if wall < _TARGET else "MISSED"
        print(
            f"{name}: {len(list(cases_of(RouterContract)))} checks in {wall:.2f} s"
            f" (best {best:.2f}), CPU {cpu:.2f} s; target < {_TARGET:g} s: {verdict}"
        )


def _once(adapter: AdapterMaker) -> tuple[float, float]:
    clock = VirtualClock()
    wall, cpu = perf_counter(), process_time()
    for case in cases_of(RouterContract):
        try:
            case.run(Rig(adapter, clock))
        except Lacks:
            continue
    return perf_counter() - wall, process_time() - cpu


if __name__ == "__main__":
    main()
