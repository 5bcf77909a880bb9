"""An answer as it reaches the client: what, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._breakage import Break


class Chunk(NamedTuple):
    """Bytes that arrive at once, `at` seconds after the request began."""

    at: float
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Playback:
    """Status, headers, and the chunks of the body, each at a moment of its own.

    `head_at` is when status and headers come, in seconds after the request began. The moments
    do not fall. `chunks` may be a one-shot iterator where the moments are drawn while the answer
    is played. `broken` None is an answer that ends with its last chunk.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    head_at: float = 0.0
    chunks: Iterable[Chunk] = ()
    broken: Break | None = None
