"""Latency that grows with the calls in flight."""

from __future__ import annotations

from dataclasses import dataclass

from ._ranges import check_range


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A factor on every delay: 1 up to `free` calls in flight, then `per_call` more for each.

    `limit` is the largest factor; None sets none. The calls are counted when each delay is
    drawn, so that an answer slows down when others begin while it streams.
    """

    per_call: float
    free: int = 1
    limit: float | None = None

    def __post_init__(self) -> None:
        check_range("per_call", self.per_call)
        check_range("free", self.free)
        if self.limit is not None:
            check_range("limit", self.limit, low=1)

    def factor(self, in_flight: int) -> float:
        """Return the factor for that many calls in flight."""
        factor = 1 + self.per_call * max(0, in_flight - self.free)
        return factor if self.limit is None else min(factor, self.limit)
