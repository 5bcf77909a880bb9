"""Calls that a mock could not answer, kept until somebody has said so."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...mock import MockError
    from ...telemetry import Owner


class Miss(NamedTuple):
    """A call that found no answer, and whose it was."""

    owner: Owner
    error: MockError


class Misses:
    """What no application can hide: the calls that the mocks could not answer."""

    def __init__(self) -> None:
        self._open: list[Miss] = []

    def note(self, owner: Owner, error: MockError) -> None:
        """Keep an error, which is about to be raised where the call was made."""
        self._open.append(Miss(owner, error))

    def take(self, is_theirs: Callable[[Owner], bool]) -> list[Miss]:
        """Return those of some owners, which are said now, and forget them."""
        taken = [miss for miss in self._open if is_theirs(miss.owner)]
        for miss in taken:
            self._open.remove(miss)
        return taken
