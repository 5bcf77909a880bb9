"""What is asked of a router and what it answers, in no router's words. None is never told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from ..calls import Usage


@dataclass(frozen=True, slots=True)
class RouterRequest:
    """One request: a `body` in OpenAI's chat form, and the agent that makes it, empty for none."""

    body: Mapping[str, Any]
    agent: str = ""

    @property
    def model(self) -> str:
        """The model that is asked for, empty where the agent's default is."""
        return str(self.body.get("model", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a router answers.

    `provider` and `model` are who answered, `usage` the tokens, `cost_usd` what was paid for it,
    `cache` is `hit`, `miss` or another word of the router's. `raw` is the router's own answer.
    """

    text: str
    provider: str | None = None
    model: str | None = None
    usage: Usage | None = None
    cost_usd: Decimal | float | None = None
    cache: str | None = None
    raw: Any = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a stream.

    `done` says that the stream is whole and this was the last of it. `raw` is the event as the
    router hands it on, where it can be compared. `cache` is the word of `Answer`, on the last one.
    """

    text: str
    done: bool = False
    raw: Any = None
    cache: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """What a router has counted itself; an adapter that counts in its place tells None.

    `total_calls` are requests, `cache_hits` those that needed no call, `provider_calls` the
    others. `tokens` are input and output tokens. `requests_today` and `spent_today_usd` are those
    of the calendar day, `cost_usd` is all that was spent.
    """

    total_calls: int | None = None
    cache_hits: int | None = None
    provider_calls: int | None = None
    tokens: int | None = None
    cost_usd: Decimal | float | None = None
    requests_today: int | None = None
    spent_today_usd: Decimal | float | None = None
