"""Figures of many tests together: the whole run, a module, a marker, a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ._metric import Figures, Kind, Metric
from ._run import RanTest, module_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .baseline import Recorded

RUN: Final = "run"

_MODEL: Final = "model"

Part = dict[str, float]


def groups_of(
    figures: Mapping[str, Figures], tests: Mapping[str, RanTest]
) -> dict[str, list[Figures]]:
    """Return the groups of a run with the figures of their tests."""
    groups: dict[str, list[Figures]] = {RUN: list(figures.values())} if figures else {}
    for subject, each in figures.items():
        test = tests.get(subject)
        names = [f"module:{module_of(subject)}", *(f"{_MODEL}:{model}" for model in each.models)]
        names += [f"marker:{marker}" for marker in dict.fromkeys(test.markers if test else ())]
        for name in names:
            groups.setdefault(name, []).append(each)
    return groups


def group_totals(
    figures: Mapping[str, Figures], tests: Mapping[str, RanTest], metrics: Mapping[str, Metric]
) -> dict[str, dict[str, float]]:
    """Return the figures of each group, in stored units; without those that nobody has."""
    found: dict[str, dict[str, float]] = {}
    for name, members in groups_of(figures, tests).items():
        parts = [part_of(each, name) for each in members]
        totals = {metric.name: total(metric, parts) for metric in metrics.values()}
        found[name] = {metric: value for metric, value in totals.items() if value is not None}
    return found


def part_of(figures: Figures, group: str) -> Part:
    """Return the figures of a test as far as they belong to a group; of a model, its sums."""
    prefix, _, model = group.partition(":")
    if prefix == _MODEL:
        return dict(figures.models[model])
    timed = {} if figures.latency is Kind.SHOWN else figures.timed
    return {**figures.values, **timed}


def recorded_part(recorded: Recorded, figures: Figures, group: str) -> Part:
    """Return the same of what a baseline says of the test."""
    prefix, _, model = group.partition(":")
    if prefix == _MODEL:
        return dict(recorded.models.get(model, {}))
    return {**recorded.values, **recorded.timed.get(figures.how, {})}


def total(metric: Metric, parts: Iterable[Part]) -> float | None:
    """Make one figure of the figures of several tests; None where none of them has it."""
    having = [part for part in parts if metric.name in part]
    if not having:
        return None
    values = [part[metric.name] for part in having]
    if metric.weighted_by is not None:
        weights = [part.get(metric.weighted_by, 0) for part in having]
        whole = sum(weights)
        products = (value * weight for value, weight in zip(values, weights, strict=True))
        return round(sum(products) / whole) if whole else None
    return max(values) if metric.total == "max" else sum(values)
