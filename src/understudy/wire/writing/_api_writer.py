"""The writer of one wire API's answers, and what it writes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ._reply import Failure

if TYPE_CHECKING:
    from .._question import Question
    from ._reply import Reply


class Piece(NamedTuple):
    """Bytes that are sent at once, at the moment of the line with index `line`.

    What comes before the content (roles, starts) is of the first line, what comes after it
    (usage, stops, `[DONE]`) of the last. None is no line's: an answer without lines, or an
    error that nothing was said before.
    """

    line: int | None
    data: bytes


@dataclass(frozen=True, slots=True)
class Rendered:
    """Status, headers and the body in order: one event of a stream a piece.

    Neither `content-length` nor `transfer-encoding` is told: whoever sends it knows.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    pieces: tuple[Piece, ...]

    @property
    def body(self) -> bytes:
        """The whole body."""
        return b"".join([piece.data for piece in self.pieces])


class ApiWriter(Protocol):
    """Writes what a provider answers. It holds no state, does no input or output.

    `wire_api` is the name under which the same API is read (`openai.chat`). `JsonApi` makes
    one of two functions.
    """

    @property
    def wire_api(self) -> str: ...

    def write(self, question: Question, reply: Reply, /) -> Rendered:
        """Write the answer, as a stream where `question.stream` says so.

        A stream ends with an error where the reply is `broken_by` one.
        """

    def refuse(self, question: Question, failure: Failure, /) -> Rendered:
        """Write the error response that the provider's SDK raises its own exception for."""


def write(writer: ApiWriter, question: Question, answer: Reply | Failure) -> Rendered:
    """Let `writer` answer; a reply that breaks off, not streamed, is its error alone."""
    if isinstance(answer, Failure):
        return writer.refuse(question, answer)
    if answer.broken_by is None or question.stream:
        return writer.write(question, answer)
    refused = writer.refuse(question, answer.broken_by)
    return replace(refused, pieces=tuple(Piece(answer.last, data) for _, data in refused.pieces))
