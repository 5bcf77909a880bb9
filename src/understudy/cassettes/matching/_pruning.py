"""Takes ignorable keys out of a JSON value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ANY: Final = "*"
_ANY_DEPTH: Final = "**"


def pruner(paths: Sequence[str]) -> Callable[[Any], Any] | None:
    """Return what removes the values at `paths`, dotted; None where there are none.

    `*` stands for any one key or item, `**` for any number of them: `user`,
    `metadata.trace_id`, `messages.*.id`, `**.cache_control`.
    """
    if not paths:
        return None
    patterns = [path.split(".") for path in paths]
    return lambda value: _pruned(value, patterns)


def _pruned(value: Any, patterns: list[list[str]]) -> Any:
    if not patterns or not isinstance(value, dict | list):
        return value
    if isinstance(value, list):
        items = ((item, _below(patterns, None)) for item in value)
        return [_pruned(item, below) for item, below in items if [] not in below]
    kept: dict[str, Any] = {}
    for key, item in value.items():
        below = _below(patterns, key)
        if [] not in below:
            kept[key] = _pruned(item, below)
    return kept


def _below(patterns: list[list[str]], key: str | None) -> list[list[str]]:
    """Return what is left of the patterns under a key; None is an item of a list."""
    below: list[list[str]] = []
    for pattern in patterns:
        head, rest = pattern[0], pattern[1:]
        if head == _ANY_DEPTH:
            below.append(pattern)
            below += _below([rest], key) if rest else [[]]
        elif head in {_ANY, key}:
            below.append(rest)
    return below
