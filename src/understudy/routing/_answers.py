"""What a router answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from ..calls import Usage

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._provider import Json

#: `coalesced` joined a request that was under way; `bypass` wanted an answer of its own.
CacheStatus: TypeAlias = Literal["miss", "hit", "coalesced", "bypass"]

_NANO: Final = 9
#: An encoder that is made once: making one takes longer than a small answer.
_ENCODE: Final[Callable[[object], str]] = json.JSONEncoder(separators=(",", ":")).encode


class Attempt(NamedTuple):
    """One try at one provider.

    `number` counts the tries of the request from 1, `at_provider` those at this provider.
    `outcome` is `ok`, `cancelled` or the kind of failure. `reason` is the outcome of the try at
    this provider before, None for the first one. `waited_ms` passed before it as back-off.
    """

    provider: str
    model: str
    number: int
    at_provider: int
    outcome: str
    status: int | None
    waited_ms: float
    duration_ms: float
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole answer of a provider, as it is kept: nothing in it can be changed.

    `data` is the JSON text of the answer, empty for a stream, whose `events` are the JSON texts
    in their order, each with the text that it brought. `cost_nanousd` is what it cost when the
    provider was asked.
    """

    provider: str
    model: str
    text: str
    usage: Usage = field(default_factory=Usage)
    cost_nanousd: int | None = None
    data: str = ""
    events: tuple[tuple[str, str], ...] = ()
    is_estimated: bool = False

    @property
    def size(self) -> int:
        """About how many bytes it takes to keep it."""
        told = sum(len(data) + len(text) + 160 for data, text in self.events)
        return len(self.data) + len(self.text) + told + 500


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request: the completion, and how the router came by it.

    `first_content_ms` passed until the first content of a provider's stream; None of others. An
    answer that was asked for in advance `is_warming`: it may cost, and is no request.
    """

    completion: Completion
    agent: str
    cache: CacheStatus
    attempts: tuple[Attempt, ...] = ()
    duration_ms: float = 0.0
    is_whole: bool = True
    first_content_ms: float | None = None
    is_warming: bool = False

    @property
    def text(self) -> str:
        """What the model said."""
        return self.completion.text

    @property
    def data(self) -> str:
        """The answer as JSON text, byte for byte as the provider gave it; empty for a stream."""
        return self.completion.data

    def body(self) -> dict[str, Any]:
        """Return the answer as an object of its own, which may be changed."""
        parsed: dict[str, Any] = json.loads(self.completion.data or "{}")
        return parsed

    @property
    def provider(self) -> str:
        """Who gave the answer."""
        return self.completion.provider

    @property
    def model(self) -> str:
        """The model that the provider was asked for."""
        return self.completion.model

    @property
    def usage(self) -> Usage:
        """The tokens of the answer."""
        return self.completion.usage

    @property
    def is_paid(self) -> bool:
        """Whether the provider was asked for this very request."""
        return self.cache in {"miss", "bypass"}

    @property
    def cost_nanousd(self) -> int | None:
        """What the request cost: 0 where it took an answer that was there; None is unknown."""
        return self.completion.cost_nanousd if self.is_paid else 0

    @property
    def saved_nanousd(self) -> int | None:
        """What it would have cost without the router; 0 where it was paid."""
        return 0 if self.is_paid else self.completion.cost_nanousd

    @property
    def cost_usd(self) -> Decimal | None:
        """What the request cost in USD, exact to 9 decimals."""
        nanousd = self.cost_nanousd
        return None if nanousd is None else Decimal(nanousd).scaleb(-_NANO)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a streamed answer: one event of the provider, then a last one that is `done`.

    Only the last one has an `answer`: provider, usage, cost and attempts of the whole.
    """

    text: str
    done: bool = False
    event: Json = "[DONE]"
    answer: Answer | None = None

    @property
    def data(self) -> str:
        """The event as JSON text, byte for byte as the provider gave it; `[DONE]` at the end."""
        return json_text(self.event)


def json_text(given: Json) -> str:
    """Return JSON as text; what is text stays as it is."""
    return given if isinstance(given, str) else _ENCODE(given)
