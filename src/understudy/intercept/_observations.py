"""Two observations of one attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._both import Both
from ._protocol import Observation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..clock import Clock


class BothObservations(Both[Observation]):
    """Tells two observations all that one would be told, the first one first."""

    __slots__ = ()

    def answered(self, fields: Mapping[str, Any], clock: Clock | None = None) -> None:
        """Pass on what the wire does not tell."""
        self._first.answered(fields, clock)
        self._second.answered(fields, clock)

    def responded(self, status: int, headers: list[tuple[str, str]], *, decoded: bool) -> None:
        """Pass on status and headers."""
        self._first.responded(status, headers, decoded=decoded)
        self._second.responded(status, headers, decoded=decoded)
