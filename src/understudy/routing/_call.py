"""A request on its way, and what a router is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ._reading import estimated_tokens
from .balance import Expected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..clock import Clock
    from ._callbacks import Callbacks
    from ._policy import Policy
    from ._provider import AnyProvider, Body, Pricer
    from ._routes import Route
    from .cache import Cache

_DEFAULT_OUTPUT = 500


class Call(NamedTuple):
    """A request on its way: what was asked, where it may go and until when."""

    body: Body
    agent: str
    canonical: str
    digest: str
    route: Route
    stream: bool
    is_fresh: bool
    is_warming: bool
    started: float
    deadline: float

    @property
    def flight_key(self) -> str:
        """What equal requests at the same time share."""
        return f"{self.digest}:{self.route.asked_model}"

    def expected(self) -> Expected:
        """Return the tokens that it is expected to take."""
        most = self.body.get("max_completion_tokens") or self.body.get("max_tokens")
        output = most if isinstance(most, int) and most < _DEFAULT_OUTPUT else _DEFAULT_OUTPUT
        return Expected(estimated_tokens(self.canonical), output)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a router is made of and does not own."""

    providers: Mapping[str, AnyProvider]
    policy: Policy
    cache: Cache | None
    callbacks: Callbacks
    price: Pricer | None
    clock: Clock
