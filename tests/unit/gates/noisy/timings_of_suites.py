"""Suites of timings, for tests: ten samples a run, noise of a kind, drawn from a seed."""

from __future__ import annotations

from dataclasses import replace
from math import log
from random import Random
from typing import TYPE_CHECKING

from understudy.gates.noisy import Timings, run_figure

if TYPE_CHECKING:
    from collections.abc import Collection


def run(random: Random, *, between: float, within: float = 0.02) -> float:
    """The figure of one run: 100 ms, log-normal between runs and within them."""
    level = 100 * random.lognormvariate(0, between)
    figure = run_figure([level * random.lognormvariate(0, within) for _ in range(10)])
    assert figure is not None
    return figure


def unchanged(seed: int = 1, *, between: float = 0.02, runs: int = 5, reruns: int = 4) -> Timings:
    """One test of unchanged code."""
    random = Random(seed)
    return Timings(
        tuple(run(random, between=between) for _ in range(runs)),
        (run(random, between=between),),
        tuple(run(random, between=between) for _ in range(reruns)),
    )


def slower(timings: Timings, factor: float) -> Timings:
    """The same with the candidate and the fresh runs so many times slower."""
    return replace(
        timings,
        candidate=tuple(each and each + log(factor) for each in timings.candidate),
        confirm=tuple(each and each + log(factor) for each in timings.confirm),
    )


def unconfirmed(timings: Timings) -> Timings:
    """The same before anything was run again."""
    return replace(timings, confirm=())


def suite(size: int = 100, *, between: float = 0.02, seed: int = 0) -> dict[str, Timings]:
    """Tests of unchanged code."""
    return {
        f"test_{number}": unchanged(seed * 10_000 + number, between=between)
        for number in range(size)
    }


def regressed(
    timings: dict[str, Timings], factor: float, *, keys: Collection[str] | None = None
) -> dict[str, Timings]:
    """The suite with some tests, or all, so many times slower."""
    return {
        key: slower(each, factor) if keys is None or key in keys else each
        for key, each in timings.items()
    }
