"""Which mock answers whom."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from ...endpoint import Endpoint
    from ...telemetry import Owner


class Seats:
    """The endpoints of the mocks that are in force: of tests, and of wider scopes.

    A test keeps its own after it has ended: a thread that it left behind is still answered.
    """

    def __init__(self) -> None:
        self._own: WeakKeyDictionary[Owner, Endpoint] = WeakKeyDictionary()
        self._wide: list[Endpoint] = []

    def of(self, owner: Owner) -> Endpoint | None:
        """Return what answers the calls of an owner: its own, or the innermost wide one."""
        own = self._own.get(owner)
        if own is not None:
            return own
        return self._wide[-1] if self._wide else None

    def own(self, owner: Owner) -> Endpoint | None:
        """Return the endpoint of an owner's own mock."""
        return self._own.get(owner)

    def give(self, owner: Owner, endpoint: Endpoint) -> None:
        """Let an endpoint answer the calls of one owner."""
        self._own[owner] = endpoint

    def push(self, endpoint: Endpoint) -> None:
        """Let an endpoint answer everybody who has none of their own."""
        self._wide.append(endpoint)

    def drop(self, endpoint: Endpoint) -> None:
        """Take an endpoint of wider scope away."""
        self._wide.remove(endpoint)
