"""Rules as people write them: `"+5%"`, `"+2pp"`, `3`, `"off"`, `{allow = …, max = …}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Final

from ...errors import SettingsError, UnknownNameError
from ._rule import Allowance, Rule

if TYPE_CHECKING:
    from .._metric import Metric

_WRITTEN: Final = re.compile(r"\+?\s*(\d+(?:\.\d+)?|\.\d+)\s*(%|pp)?")
_KEYS: Final = ("allow", "budget", "gate", "max")
_PERCENT: Final = "%"
_POINTS: Final = "pp"
_HINT: Final = 'write "+5%", a number like 3, {allow = "+5%", max = 10}, or "off"'


def read_rules(
    table: Mapping[str, object], metrics: Mapping[str, Metric], *, where: str
) -> dict[str, Rule]:
    """Read the rules of several metrics, by name; `where` names the place in messages.

    Raises:
        SettingsError: a metric is unknown or its rule cannot be read; names the key.
    """
    return {name: _read(name, value, metrics, where) for name, value in table.items()}


def _read(name: str, value: object, metrics: Mapping[str, Metric], where: str) -> Rule:
    if name not in metrics:
        kind = "metric"
        raise UnknownNameError(kind, name, metrics, where=where)
    metric, place = metrics[name], f"{where}: {name}"
    if isinstance(value, Mapping):
        return _of_table(value, metric, place)
    if isinstance(value, bool) or value == "off":
        return Rule(gated=value is True)
    return Rule(allowance=_allowance(value, metric, place), gated=True)


def _of_table(table: Mapping[str, object], metric: Metric, place: str) -> Rule:
    for key in table:
        if key not in _KEYS:
            kind = "key"
            raise UnknownNameError(kind, key, _KEYS, where=place)
    gate = table.get("gate")
    if gate is not None and not isinstance(gate, bool):
        msg = f"{place}: gate = {gate!r} is neither true nor false."
        raise SettingsError(msg)
    allow = table.get("allow")
    return Rule(
        allowance=None if allow is None else _allowance(allow, metric, f"{place}.allow"),
        ceiling=_limit(table.get("max"), metric, f"{place}.max"),
        budget=_limit(table.get("budget"), metric, f"{place}.budget"),
        gated=True if gate is None and allow is not None else gate,
    )


def _allowance(value: object, metric: Metric, place: str) -> Allowance:
    written = str(value).strip()
    match = None if isinstance(value, bool) else _WRITTEN.fullmatch(written)
    if match is None:
        msg = f"{place} = {value!r} is no allowance: {_HINT}."
        raise SettingsError(msg)
    number, unit = Fraction(match[1]), match[2]
    if unit == _PERCENT:
        return Allowance(share=number / 100, text=written)
    if unit == _POINTS and metric.unit != _PERCENT:
        msg = (
            f"{place} = {value!r}: points are for metrics in percent, this one is in {metric.unit}."
        )
        raise SettingsError(msg)
    return Allowance(amount=number * metric.scale, text=written)


def _limit(value: object, metric: Metric, place: str) -> Fraction | None:
    if value is None:
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not isfinite(value) or value < 0:  # type: ignore[arg-type,operator]
        msg = f"{place} = {value!r} is no amount: write a number from 0 on, in {metric.unit}."
        raise SettingsError(msg)
    return Fraction(str(value)) * metric.scale
