"""Writes a document as YAML that vcrpy reads and a reviewer too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ._scalars import block, inline

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A longer key must be announced by a question mark.
_LONGEST_KEY: Final = 1000


def yaml_text(document: Any) -> str:
    """Return a mapping or a list as YAML, in the order of its keys, each line ended.

    Raises:
        TypeError: it holds what a cassette has no form for.
        RecursionError: it is nested too deeply.
    """
    return "\n".join(_lines(document, "")) + "\n"


def _lines(value: Any, indent: str) -> Iterator[str]:
    """Yield the lines of a mapping or a list that is not empty."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _entry(_key(key, indent), item, indent, within_list=False)
    else:
        for item in value:
            yield from _entry(f"{indent}-", item, indent, within_list=True)


def _entry(start: str, value: Any, indent: str, *, within_list: bool) -> Iterator[str]:
    """Yield a value after its key or its dash."""
    if isinstance(value, dict | list | tuple):
        yield from _collection(start, value, indent, within_list=within_list)
        return
    text = block(value, indent) if isinstance(value, str | bytes) else None
    yield f"{start} {inline(value) if text is None else text}"


def _collection(
    start: str,
    value: dict[Any, Any] | list[Any] | tuple[Any, ...],
    indent: str,
    *,
    within_list: bool,
) -> Iterator[str]:
    if not value:
        yield f"{start} {'{}' if isinstance(value, dict) else '[]'}"
    elif within_list:
        first, *rest = _lines(value, f"{indent}  ")
        yield f"{start} {first.lstrip(' ')}"
        yield from rest
    else:
        yield start
        yield from _lines(value, f"{indent}  " if isinstance(value, dict) else indent)


def _key(key: Any, indent: str) -> str:
    text = inline(key)
    if len(text) <= _LONGEST_KEY:
        return f"{indent}{text}:"
    return f"{indent}? {text}\n{indent}:"
