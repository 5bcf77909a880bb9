"""What a thread or a task is asked to do while a request is pursued."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Generator

    from ._answers import Attempt, Completion
    from ._breaker import Permit
    from ._call import Call
    from ._provider import Body, Json
    from ._reading import StreamReading
    from ._routes import Seat


class Ask(NamedTuple):
    """Ask a provider; the result is its answer, or an `Opened` stream."""

    seat: Seat
    body: Body
    timeout: float
    stream: bool


class Sleep(NamedTuple):
    """Wait."""

    seconds: float


class Admit(NamedTuple):
    """Wait until the request may go to a provider."""


class LookUp(NamedTuple):
    """Look for an answer that is kept; the result is a `Completion` or None."""

    call: Call
    seats: tuple[Seat, ...]


class Keep(NamedTuple):
    """Keep an answer."""

    call: Call
    completion: Completion


Step: TypeAlias = Ask | Sleep | Admit | LookUp | Keep
Steps: TypeAlias = "Generator[Step, Any, Any]"


class Opened(NamedTuple):
    """A stream that has told its first content, or its end: `source` yields the rest."""

    source: Any
    reading: StreamReading
    begun: tuple[tuple[Json, str], ...]
    is_over: bool


class Live(NamedTuple):
    """A stream that a provider has begun, and whose permit it holds until its end."""

    seat: Seat
    permit: Permit
    opened: Opened
    attempts: tuple[Attempt, ...]
