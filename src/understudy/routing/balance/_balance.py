"""What a strategy of balancing sees, and what it decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple, Protocol, TypeAlias

BalanceName: TypeAlias = Literal["round_robin", "weighted", "cost", "least_loaded", "efficiency"]
BALANCES: Final = ("round_robin", "weighted", "cost", "least_loaded", "efficiency")

#: Milliseconds that a provider's model is expected to take for so many tokens of prompt and
#: answer, as measured; None where nothing was.
ExpectedMs: TypeAlias = Callable[[str, str, int, int], float | None]


class Expected(NamedTuple):
    """The tokens that a request is expected to take."""

    input_tokens: int
    output_tokens: int


class Candidate(Protocol):
    """A provider that may be asked now; it can be hashed, and stays the same object."""

    @property
    def provider(self) -> str:
        """Its name."""

    @property
    def model(self) -> str:
        """What it would be asked for."""

    @property
    def weight(self) -> float | None:
        """How much it takes, None where nobody said."""

    @property
    def in_flight(self) -> int:
        """How many requests are there."""

    @property
    def latency_ms(self) -> float | None:
        """How long it takes of late; None before its first answer."""


class Balance(Protocol):
    """Chooses among those that may be asked. It is called under the router's lock."""

    def pick(self, pool: str, candidates: Sequence[Candidate], expected: Expected) -> int:
        """Return the place of the one to ask; there are at least two."""
