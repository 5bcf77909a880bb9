"""What a profile may know of the call whose answer it times."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def call_seed(*, run_seed: int, node_id: str, number: int) -> str:
    """Return the seed of the `number`-th call of a test, the same on every machine."""
    return f"{run_seed}:{number}:{node_id}"


def alone() -> int:
    """Count one call in flight."""
    return 1


class TimedCall:
    """One call: its seed, and how many calls are in flight at this moment, itself included."""

    __slots__ = ("_random", "in_flight", "seed")

    def __init__(self, seed: str = "", *, in_flight: Callable[[], int] = alone) -> None:
        self.seed = seed
        self.in_flight = in_flight
        self._random: Random | None = None

    @property
    def random(self) -> Random:
        """The call's own random numbers, made when first asked for: seeding takes 10 µs."""
        if self._random is None:
            self._random = Random(self.seed)  # noqa: S311 - repeatable, not secret
        return self._random
