"""What the reference router keeps, and how it reads what providers say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from understudy.calls import Usage
from understudy.contracts import MockProviderError, Piece

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping


class RouterError(Exception):
    """What the router raises."""


@dataclass
class Health:
    """What is known of a provider."""

    failures: int = 0
    open_until: float | None = None
    probing: bool = False
    peace_until: float = 0.0


@dataclass
class Books:
    """What is counted."""

    total: int = 0
    hits: int = 0
    calls: int = 0
    tokens: int = 0
    cost: float = 0.0
    day: object = None
    today: int = 0
    spent_today: float = 0.0


@dataclass
class Kept:
    """An answer in the cache."""

    value: Any
    until: float


@dataclass
class Flight:
    """A call that several wait for."""

    task: asyncio.Task[Any]
    waiting: int = 0


@dataclass
class Seen:
    """What was seen of a stream."""

    text: str = ""
    usage: Any = None
    is_finished: bool = False
    pieces: list[Piece] = field(default_factory=list)


def broken(message: str) -> NoReturn:
    """Say that a stream broke."""
    raise RouterError(message)


def piece_of(event: Mapping[str, Any]) -> Piece:
    """Return an event of a stream as a piece."""
    deltas = [choice.get("delta", {}) for choice in event.get("choices", ())]
    return Piece("".join(delta.get("content") or "" for delta in deltas), raw=event)


def usage_of(told: Mapping[str, Any]) -> Usage:
    """Return the tokens of an answer."""
    details = told.get("prompt_tokens_details") or {}
    return Usage(
        input_tokens=told.get("prompt_tokens"),
        output_tokens=told.get("completion_tokens"),
        cache_read_tokens=details.get("cached_tokens"),
    )


def error_as_answer(error: MockProviderError | None) -> dict[str, Any]:
    """Return an error in the place of an answer."""
    text = "" if error is None else error.body
    return {"choices": [{"message": {"content": text}}]}
