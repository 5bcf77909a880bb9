"""The seam of delays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._call import TimedCall


class DelayProfile(Protocol):
    """Says how long the lines of an answer take."""

    def delays(self, call: TimedCall) -> Iterator[float]:
        """Yield seconds: before the first line, then before each further one.

        Lines after the last delay come at once.
        """
