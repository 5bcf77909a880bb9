"""What a splitter is: bytes of a stream in, events out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# The event that a stream of server-sent events ends with: `data: [DONE]`.
DONE: Final[Mapping[str, Any]] = {"[DONE]": True}


class Splitter(ABC):
    """Cuts one stream into pieces, whatever the chunks it comes in; it never raises.

    A piece is cheap to have and holds an event (rarely several) still as bytes. Pieces
    stand between `separator`s, where there is such a thing; where there is none, nothing
    but events is cut out, and what is cut off holds none.
    """

    separator: ClassVar[bytes | None] = None

    @abstractmethod
    def feed(self, data: bytes) -> list[bytes]:
        """Take more of the stream and return the pieces that it completes."""

    @abstractmethod
    def events(self, piece: bytes) -> list[Mapping[str, Any]]:
        """Parse a piece; it may hold no event."""

    def rest(self) -> list[bytes]:
        """Return what is left where the stream ends without its last separator."""
        return []

    def holds_event(self, piece: bytes) -> bool:  # noqa: ARG002
        """Tell whether a piece is more than space or a comment."""
        return True
