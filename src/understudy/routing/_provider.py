"""Who answers a router's requests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any, Protocol, TypeAlias, runtime_checkable

from ..calls import Usage

#: A body of OpenAI's chat API: a request, an answer, an event of a stream.
Body: TypeAlias = Mapping[str, Any]
#: An answer or an event: parsed, or its JSON text as it came.
Json: TypeAlias = Body | str
#: What a call cost in 1e-9 USD by provider, model and usage; None where nobody knows.
Pricer: TypeAlias = Callable[[str, str, Usage], int | None]


@runtime_checkable
class Provider(Protocol):
    """Answers requests in OpenAI's chat form to whoever waits for them.

    A failure is a `ProviderError`, a `TimeoutError` or an `OSError`. A text that is returned is
    handed on as it is, so that what came over a wire stays the same byte for byte.
    """

    @property
    def name(self) -> str:
        """What a registry calls it."""

    def complete(self, body: Body, *, timeout: float) -> Json:
        """Return the answer, within `timeout` seconds."""

    def stream(self, body: Body, *, timeout: float) -> Iterator[Json]:
        """Yield the events of the answer, each within `timeout` seconds of the one before."""


@runtime_checkable
class AsyncProvider(Protocol):
    """The same for whoever awaits. A provider may be both."""

    @property
    def name(self) -> str:
        """What a registry calls it."""

    async def acomplete(self, body: Body, *, timeout: float) -> Json:  # noqa: ASYNC109
        """Return the answer; the router itself gives up after `timeout` seconds."""

    def astream(self, body: Body, *, timeout: float) -> AsyncIterator[Json]:
        """Yield the events of the answer; the router itself gives up where one stays away."""


AnyProvider: TypeAlias = Provider | AsyncProvider
