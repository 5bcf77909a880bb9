"""What an adapter raises where its router has no such thing."""

from __future__ import annotations

from typing import TypeVar

_T = TypeVar("_T")


class Lacks(Exception):  # noqa: N818 - no error: a router may do without
    """The router lacks what a check is about; the text says what. The check is skipped."""


def told(value: _T | None, what: str) -> _T:
    """Return what the router tells.

    Raises:
        Lacks: it does not tell it.
    """
    if value is None:
        msg = f"the router does not tell {what}"
        raise Lacks(msg)
    return value
