"""An answer as it reaches the client: what, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._breakage import Break

#: Bytes that arrive at once, so many seconds after the request began. A plain tuple: a stream
#: has many, and they are made in the middle of a call.
Chunk: TypeAlias = tuple[float, bytes]


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

    @property
    def comes_at_once(self) -> bool:
        """Whether all of it is known to come with its head, to the end."""
        chunks = self.chunks
        if self.broken is not None or not isinstance(chunks, list):
            return False
        return not chunks or chunks[-1][0] == self.head_at
