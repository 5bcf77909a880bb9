"""Rules as people write them, `"+5%"`, `3` or `"off"`, and `[tool.understudy.gates]` of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from sys import float_info
from typing import TYPE_CHECKING, Final

from ...errors import SettingsError, UnknownNameError
from ._policy import Allowance, Policy, Rule, Rules

if TYPE_CHECKING:
    from .._metric import Metric

_WRITTEN: Final = re.compile(r"\+?\s*(\d+(?:\.\d+)?|\.\d+)\s*(%|pp)?")
_KEYS: Final = ("allow", "budget", "gate", "max")
_PERCENT: Final = "%"
_POINTS: Final = "pp"
_TABLE: Final = "tool.understudy.gates"
_SUBTABLES: Final = ("groups", "tests")
_GROUPS: Final = ("marker", "model", "module")
_RUN: Final = "run"
_HINT: Final = 'write "+5%", a number like 3, {allow = "+5%", max = 10}, or "off"'


def read_gates(table: object, metrics: Mapping[str, Metric], *, where: str) -> Policy:
    """Read the user's policy; `where` names the file.

    Raises:
        SettingsError: names file, table and key, and the nearest key that exists.
    """
    place = f"{where}, [{_TABLE}]"
    rules = _table(table, place)
    own = {name: rule for name, rule in rules.items() if name not in _SUBTABLES}
    for name in own:
        if name not in metrics:
            kind = "key"
            raise UnknownNameError(kind, name, (*metrics, *_SUBTABLES), where=place)
    groups = _several(rules, "groups", metrics, where)
    for group in groups:
        _check_group(group, f"{where}, [{_TABLE}.groups]")
    return Policy(
        everywhere=read_rules(own, metrics, where=place),
        tests=_several(rules, "tests", metrics, where),
        groups=groups,
    )


def _several(
    table: Mapping[str, object], key: str, metrics: Mapping[str, Metric], where: str
) -> dict[str, Rules]:
    place = f"{where}, [{_TABLE}.{key}]"
    return {
        glob: read_rules(_table(rules, f"{place} {glob!r}"), metrics, where=f"{place} {glob!r}")
        for glob, rules in _table(table.get(key, {}), place).items()
    }


def _check_group(group: str, place: str) -> None:
    prefix, colon, glob = group.partition(":")
    if group == _RUN or (colon and glob and prefix in _GROUPS):
        return
    known = (_RUN, *(f"{prefix}:…" for prefix in _GROUPS))
    noun = "group"
    raise UnknownNameError(noun, group, known, where=place)


def _table(value: object, place: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        msg = f'{place} is {value!r}; write a table, as in {{cost = "+5%"}}.'
        raise SettingsError(msg)
    return value


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
    if not is_number or not 0 <= value <= float_info.max:  # type: ignore[operator]
        msg = f"{place} = {value!r} is no amount: write a number from 0 on, in {metric.unit}."
        raise SettingsError(msg)
    return Fraction(str(value)) * metric.scale
