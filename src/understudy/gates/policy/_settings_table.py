"""The table `[tool.understudy.gates]`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from ...errors import SettingsError, UnknownNameError
from ._policy import Policy
from ._read_rule import read_rules

if TYPE_CHECKING:
    from .._metric import Metric
    from ._policy import Rules

_TABLE: Final = "tool.understudy.gates"
_SUBTABLES: Final = ("groups", "tests")
_GROUPS: Final = ("marker", "model", "module")
_RUN: Final = "run"


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
    kind, colon, glob = group.partition(":")
    if group == _RUN or (colon and glob and kind in _GROUPS):
        return
    known = (_RUN, *(f"{kind}:…" for kind in _GROUPS))
    noun = "group"
    raise UnknownNameError(noun, group, known, where=place)


def _table(value: object, place: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        msg = f'{place} is {value!r}; write a table, as in {{cost = "+5%"}}.'
        raise SettingsError(msg)
    return value
