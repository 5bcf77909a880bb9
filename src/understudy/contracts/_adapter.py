"""What stands between the contract and a router."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from ._config import RouterConfig
from ._lacks import Lacks
from .mocks import MockProviderWithErrors

if TYPE_CHECKING:
    from ._answer import Answer, Counters, Piece, RouterRequest

Providers: TypeAlias = Mapping[str, MockProviderWithErrors]


class RouterAdapter:
    """Lets the contract use a router; what a router lacks is left as it is here.

    Each method may be plain or `async`, and `stream` may be a generator of either kind.

    Attributes:
        real_time: whether time passes for real, as for a router in another process. Otherwise
            it is simulated, for the `time` module, event loops and `config.clock` alike.
        live: whether it asks real providers, which cost; see `RouterContract.budget_usd`.
        patience: seconds of the machine's time after which a check is taken to hang; None is 10,
            or 60 where time is real.
    """

    real_time: ClassVar[bool] = False
    live: ClassVar[bool] = False
    patience: ClassVar[float | None] = None

    def __init__(self, providers: Providers, config: RouterConfig) -> None:
        """Make a router over mock providers, by name, with what a check wants of it.

        Raises:
            Lacks: it cannot be made like this; see `RouterConfig.only`.
            Exception: the router's own, where there are no providers or no registry.
        """
        self.providers = providers
        self.config = config

    def complete(self, request: RouterRequest) -> Answer | Awaitable[Answer]:
        """Return the answer to a request, or raise what the router raises."""
        del request
        msg = "the adapter has no complete()"
        raise Lacks(msg)

    def stream(
        self, request: RouterRequest
    ) -> Iterator[Piece] | AsyncIterator[Piece] | Awaitable[Any]:
        """Yield the pieces of an answer as they come, the last one with `done`."""
        del request
        msg = "the adapter has no stream()"
        raise Lacks(msg)

    def counters(self) -> Counters | Awaitable[Counters]:
        """Return what the router has counted. An adapter that would count itself leaves it."""
        msg = "the adapter has no counters()"
        raise Lacks(msg)

    def advance(self, seconds: float) -> Awaitable[None] | None:
        """Let time pass for a router that is neither on simulated time nor can be waited for.

        Simulated time has passed already when this is called, and nothing is to be done.
        """
        if self.real_time:
            msg = f"its time is real, and {seconds:g} seconds of it are too long"
            raise Lacks(msg)
        return None

    def warm(self, requests: Sequence[RouterRequest]) -> Awaitable[None] | None:
        """Ask for answers in advance, so that they are in the cache."""
        del requests
        msg = "the adapter has no warm()"
        raise Lacks(msg)

    def health(self) -> Mapping[str, bool] | Awaitable[Mapping[str, bool]]:
        """Return which providers may be asked now, by name."""
        msg = "the adapter has no health()"
        raise Lacks(msg)

    def close(self) -> Awaitable[None] | None:
        """Give up what the router holds."""


#: What the fixture `adapter` returns: a class, or a function like one.
AdapterMaker: TypeAlias = Callable[[Providers, RouterConfig], RouterAdapter]


def trait(make: Any, name: str) -> Any:
    """Return what an adapter says of itself, also where some of its arguments are given.

    None where it says nothing: a function has no words for it.
    """
    while isinstance(make, partial):
        make = make.func
    return getattr(make, name, None)
