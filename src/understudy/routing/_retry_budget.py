"""How many retries a router may afford."""

from __future__ import annotations


class RetryBudget:
    """A bucket of retries: each request earns a part of one, up to a reserve.

    Where everything fails, retries are so a part of the requests and not a multiple of them.
    """

    __slots__ = ("_earned", "_left", "_most")

    def __init__(self, *, earned: float, reserve: float) -> None:
        self._earned = earned
        self._most = reserve
        self._left = reserve

    @property
    def left(self) -> float:
        """The retries that may be made now."""
        return self._left

    def earn(self) -> None:
        """Count a request."""
        self._left = min(self._left + self._earned, self._most)

    def spend(self) -> bool:
        """Take a retry; False where there is none left."""
        if self._left < 1:
            return False
        self._left -= 1
        return True
