"""How many requests may be with providers at once; the others wait in line."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._policy import LimitPolicy


@dataclass(frozen=True, slots=True)
class Load:
    """How many requests are with providers, how many wait, and the longest wait in seconds."""

    in_flight: int
    waiting: int
    longest_wait: float


class Admission:
    """Counts requests in and out, first come first served. It holds no lock: the router does."""

    def __init__(self, policy: LimitPolicy) -> None:
        self._policy = policy
        self._in_flight = 0
        self._line: OrderedDict[object, tuple[float, Callable[[], None]]] = OrderedDict()

    def enter(self) -> bool:
        """Let a request in; False where it has to wait."""
        most = self._policy.in_flight
        if most is not None and (self._in_flight >= most or self._line):
            return False
        self._in_flight += 1
        return True

    def stand_in_line(self, who: object, tell: Callable[[], None], now: float) -> bool:
        """Wait, and be told when it is one's turn; False where the line is full."""
        longest = self._policy.waiting
        if longest is not None and len(self._line) >= longest:
            return False
        self._line[who] = (now, tell)
        return True

    def give_up(self, who: object) -> bool:
        """Leave the line; False where it is one's turn already."""
        return self._line.pop(who, None) is not None

    def leave(self) -> Callable[[], None] | None:
        """Let a request out; return how to tell the next one, who is in by that."""
        if self._line:
            _, (_, tell) = self._line.popitem(last=False)
            return tell
        self._in_flight -= 1
        return None

    def load(self, now: float) -> Load:
        """Return how busy the router is."""
        first = next(iter(self._line.values()), None)
        return Load(self._in_flight, len(self._line), now - first[0] if first else 0.0)
