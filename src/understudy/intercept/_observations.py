"""Two observations of one attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._both import Both
from ._protocol import Observation

if TYPE_CHECKING:
    from ..calls import Origin


class BothObservations(Both[Observation]):
    """Tells two observations all that one would be told, the first one first."""

    __slots__ = ()

    def answered_by(self, origin: Origin) -> None:
        """Pass on where the answer comes from."""
        self._first.answered_by(origin)
        self._second.answered_by(origin)

    def responded(self, status: int, headers: list[tuple[str, str]], *, decoded: bool) -> None:
        """Pass on status and headers."""
        self._first.responded(status, headers, decoded=decoded)
        self._second.responded(status, headers, decoded=decoded)
