"""What a router asks of a cache, and what every cache checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from .._errors import RouterConfigError
from .._policy import is_number

if TYPE_CHECKING:
    from .._answers import Completion

_LONGEST: Final = timedelta(days=30).total_seconds()
#: A stream or an answer that is larger is not kept.
LARGEST_ENTRY: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class CacheFigures:
    """How full a cache is, and how many entries made room for others; None is unknown."""

    entries: int | None
    bytes: int | None
    evicted: int | None


class Cache(Protocol):
    """Keeps completions by key; used by many threads at once. It never raises.

    `blocks` says that it waits for something outside of the process, so that no event loop must
    wait with it.
    """

    blocks: bool

    def get(self, key: str) -> Completion | None:
        """Return what is kept under a key and has not expired."""

    def put(self, key: str, completion: Completion) -> None:
        """Keep a completion; one that is too large is not kept."""

    def clear(self) -> None:
        """Forget everything."""

    def figures(self) -> CacheFigures:
        """Return how full it is."""

    def close(self) -> None:
        """Let go of connections."""


def lifetime(ttl_seconds: float | timedelta) -> float:
    """Return a time to live in seconds.

    Raises:
        RouterConfigError: it is none, or longer than 30 days.
    """
    given = ttl_seconds.total_seconds() if isinstance(ttl_seconds, timedelta) else ttl_seconds
    if not is_number(given) or not 0 < given <= _LONGEST:
        msg = (
            f"a cache with ttl_seconds={ttl_seconds!r}: give seconds above 0 and up to"
            f" {_LONGEST:,.0f}, which are 30 days, or a timedelta."
        )
        raise RouterConfigError(msg)
    return float(given)


def bound(name: str, value: object) -> int:
    """Return a limit of a cache.

    Raises:
        RouterConfigError: it is none.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        msg = (
            f"a cache with {name}={value!r} has no bound and would grow for ever:"
            " give entries and bytes as whole numbers from 1 on."
        )
        raise RouterConfigError(msg)
    return value
