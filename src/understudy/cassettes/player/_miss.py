"""What ends a call that a cassette was to answer, and cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..matching import Miss


class CassetteMiss(BaseException):
    """No interaction of the cassette answers the call; says which comes nearest, and the diff.

    No `Exception`: SDKs catch those of a transport, try again, and report a failed connection.
    """

    slug = "cassette-miss"

    def __init__(self, miss: Miss, *, cassette: str) -> None:
        super().__init__(miss)
        self.miss = miss
        self.cassette = cassette

    def __str__(self) -> str:
        return self.miss.text

    @property
    def event_fields(self) -> dict[str, Any]:
        """The fields of the call's event that the wire does not tell."""
        return {"cassette": self.cassette, "cassette_verdict": "miss"}
