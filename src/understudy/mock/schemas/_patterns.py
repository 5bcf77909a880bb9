"""Texts that a regular expression matches."""

from __future__ import annotations

import re
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

_USUAL: Final = ("text", "Text", "TEXT", "1", "12", "1.0", "a", "A", "aa", "A1", "a1", "a-b", "a_b")
_MOST_REPEATS: Final = 64
#: What is taken where a set excludes others: the usual ones first.
_SIGNS: Final = ("a", "1", "-", *map(chr, range(32, 127)))
_CATEGORIES: Final = {
    codes.CATEGORY_DIGIT: "1",
    codes.CATEGORY_NOT_DIGIT: "a",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_NOT_SPACE: "a",
    codes.CATEGORY_WORD: "a",
    codes.CATEGORY_NOT_WORD: "-",
}


def sample_pattern(pattern: str, *, least: int = 0) -> str:
    """Return a text in which `pattern` is found, at least `least` characters where it is easy.

    Look-arounds and back-references are passed over; where that, or a pattern that Python does
    not know, leads nowhere, the text is any.
    """
    try:
        search = re.compile(pattern).search
        tree = parser.parse(pattern)
    except (re.error, OverflowError, RecursionError):
        return _USUAL[0]
    made = (_walk(tree, repeats) for repeats in (0, least, 1))
    candidates = [text for text in (*made, *_USUAL) if search(text)]
    return next((text for text in candidates if len(text) >= least), (candidates or _USUAL)[0])


def _walk(tree: Any, repeats: int) -> str:
    return "".join(_part(code, argument, repeats) for code, argument in tree)


def _part(code: Any, argument: Any, repeats: int) -> str:
    if code in {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}:
        low, high, inner = argument
        times: int = min(max(low, repeats), high, _MOST_REPEATS)
        return _walk(inner, repeats) * times
    inner = _inner(code, argument)
    return _sign(code, argument) if inner is None else _walk(inner, repeats)


def _inner(code: Any, argument: Any) -> Any:
    """Return what a group holds, of alternatives the first; None where there is no group."""
    if code is codes.BRANCH:
        return argument[1][0]
    if code is codes.SUBPATTERN:
        return argument[-1]
    return argument if code is codes.ATOMIC_GROUP else None


def _sign(code: Any, argument: Any) -> str:
    if code is codes.LITERAL:
        return chr(argument)
    if code is codes.IN:
        return _member(argument)
    if code is codes.NOT_LITERAL:
        return "b" if argument == ord("a") else "a"
    return "a" if code is codes.ANY else ""


def _member(members: Any) -> str:
    """Return a character that is in a set."""
    if members[0][0] is not codes.NEGATE:
        return _one_of(*members[0])
    excluded = members[1:]
    return next((sign for sign in _SIGNS if not _holds(excluded, sign)), "é")


def _one_of(code: Any, argument: Any) -> str:
    if code is codes.LITERAL:
        return chr(argument)
    return chr(argument[0]) if code is codes.RANGE else _CATEGORIES.get(argument, "a")


def _holds(members: Any, sign: str) -> bool:
    return any(
        (code is codes.LITERAL and argument == ord(sign))
        or (code is codes.RANGE and argument[0] <= ord(sign) <= argument[1])
        or (code is codes.CATEGORY and _is_of(argument, sign))
        for code, argument in members
    )


def _is_of(category: Any, sign: str) -> bool:
    kinds = {
        codes.CATEGORY_DIGIT: sign.isdigit(),
        codes.CATEGORY_SPACE: sign.isspace(),
        codes.CATEGORY_WORD: sign.isalnum() or sign == "_",
    }
    return kinds.get(category, True)
