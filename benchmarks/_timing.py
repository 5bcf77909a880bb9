"""Paired timing: the variants take turns, so that a drift of the machine hits all of them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    Variant = tuple[Callable[[], AbstractContextManager[object]], Callable[[], object]]


@dataclass(frozen=True, slots=True)
class Spent:
    """Median seconds of one call, by the clock on the wall and by the processor."""

    wall: float
    cpu: float


def paired(variants: Mapping[str, Variant], *, rounds: int, calls: int) -> dict[str, list[Spent]]:
    """Time `calls` calls of each variant, in turn, `rounds` times after a warm-up."""
    spent: dict[str, list[Spent]] = {name: [] for name in variants}
    for number in range(-1, rounds):
        for name, (set_up, call) in variants.items():
            with set_up():
                one = _once(call, calls)
            if number >= 0:
                spent[name].append(one)
    return spent


def medians(spent: list[Spent]) -> Spent:
    """Return the medians of both clocks."""
    return Spent(median(one.wall for one in spent), median(one.cpu for one in spent))


def added(spent: list[Spent], base: list[Spent]) -> Spent:
    """Return the medians of what a variant takes more than `base`, pair by pair."""
    pairs = list(zip(spent, base, strict=True))
    return Spent(
        median(one.wall - floor.wall for one, floor in pairs),
        median(one.cpu - floor.cpu for one, floor in pairs),
    )


def _once(call: Callable[[], object], calls: int) -> Spent:
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(calls):
        call()
    return Spent((time.perf_counter() - wall) / calls, (time.process_time() - cpu) / calls)
