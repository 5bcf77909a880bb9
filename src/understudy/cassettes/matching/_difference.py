"""Says what differs between two requests, leaf by leaf, around the first difference."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BEFORE: Final = 30
_AFTER: Final = 50
_MOST_LEAVES: Final = 8
_ABSENT: Final = object()


def differences(made: Mapping[str, str], stored: Mapping[str, str]) -> list[str]:
    """Return lines on each part, by name, that differs between a request and a stored one."""
    lines: list[str] = []
    for name, text in made.items():
        if text == stored[name]:
            continue
        if name == "stream":
            wanted, held = ("a", "none") if text else ("none", "a")
            lines.append(
                f"stream: recorded {held} stream, now {wanted} stream".replace("none", "no")
            )
        elif name == "body":
            lines += _body_lines(text, stored[name])
        else:
            lines += _changed(name, text, stored[name])
    return lines


def _body_lines(made: str, stored: str) -> list[str]:
    now, then = _json(made), _json(stored)
    if now is None or then is None:
        return _changed("body", made, stored)
    leaves, others = dict(_leaves(now)), dict(_leaves(then))
    paths = [path for path in {**others, **leaves} if _differ(leaves, others, path)]
    lines = [
        line
        for path in islice(paths, _MOST_LEAVES)
        for line in _changed(path, leaves.get(path, _ABSENT), others.get(path, _ABSENT))
    ]
    if len(paths) > _MOST_LEAVES:
        lines.append(f"… and {len(paths) - _MOST_LEAVES} more places")
    return lines


def _differ(leaves: dict[str, Any], others: dict[str, Any], path: str) -> bool:
    """Compare as JSON does: true is not 1."""
    now, then = leaves.get(path, _ABSENT), others.get(path, _ABSENT)
    return type(now) is not type(then) or now != then


def _json(text: str) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict | list) else None


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value:
        for place, item in enumerate(value):
            yield from _leaves(item, f"{path}[{place}]")
    else:
        yield path, value


def _changed(path: str, now: Any, then: Any) -> list[str]:
    if then is _ABSENT:
        return [f"{path}: only now: {_window(_said(now), 0)}"]
    if now is _ABSENT:
        return [f"{path}: only recorded: {_window(_said(then), 0)}"]
    one, other = _said(then), _said(now)
    start = _first_difference(one, other)
    return [
        f"{path}:",
        f"  recorded: {_window(one, start)}",
        f"  now:      {_window(other, start)}",
    ]


def _first_difference(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _said(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _window(text: str, start: int) -> str:
    first, last = max(0, start - _BEFORE), start + _AFTER
    return f"{'…' if first else ''}{text[first:last]}{'…' if len(text) > last else ''}"
