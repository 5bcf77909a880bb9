"""What a writer is: the one who writes the answers of one wire API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ._failure import Failure
    from ._question import Question
    from ._rendered import Rendered
    from ._reply import Reply


class ApiWriter(Protocol):
    """Writes what a provider answers. It holds no state, does no input or output.

    `wire_api` is the name of the codec that reads the same (`openai.chat`).
    """

    @property
    def wire_api(self) -> str: ...

    def write(self, question: Question, reply: Reply) -> Rendered:
        """Write the answer, as a stream where `question.stream` says so."""

    def refuse(self, question: Question, failure: Failure) -> Rendered:
        """Write the error response that the provider's SDK raises its own exception for."""
