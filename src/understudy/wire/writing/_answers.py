"""The registry of writers, and what it makes of a request and a reply."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from ...errors import UnknownNameError
from . import anthropic, bedrock, cohere, google, ollama, openai
from ._failure import Failure
from ._question import Question
from ._rendered import Piece

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from ...calls import Request
    from .._registry import Recognised
    from ._api_writer import ApiWriter
    from ._rendered import Rendered
    from ._reply import Reply

_KIND = "wire API"


@dataclass(frozen=True, slots=True)
class Answers:
    """The writers by the names of their wire APIs."""

    writers: Mapping[str, ApiWriter]

    @classmethod
    def default(cls) -> Self:
        """Return the writers that understudy brings."""
        parts = (openai, anthropic, google, bedrock, cohere, ollama)
        return cls(MappingProxyType({})).with_writers(
            *(one for part in parts for one in part.WRITERS)
        )

    def with_writers(self, *more: ApiWriter) -> Self:
        """Return a registry in which `more` stand in for those of the same wire APIs."""
        named = {writer.wire_api: writer for writer in more}
        return replace(self, writers=MappingProxyType({**self.writers, **named}))

    def render(self, recognised: Recognised, request: Request, answer: Reply | Failure) -> Rendered:
        """Write `answer` to `request` in the wire format of who is asked.

        Raises UnknownNameError where nobody writes that wire API.
        """
        return self.answer(Question.of(recognised, request), answer)

    def answer(self, question: Question, answer: Reply | Failure) -> Rendered:
        """Write `answer` to a question that is read already. Raises as `render`."""
        writer = self.writers.get(question.wire_api)
        if writer is None:
            raise UnknownNameError(_KIND, question.wire_api, self.writers)
        if isinstance(answer, Failure):
            return writer.refuse(question, answer)
        if answer.broken_by is not None and not question.stream:
            refused = writer.refuse(question, answer.broken_by)
            return replace(
                refused, pieces=tuple(Piece(answer.last, data) for _, data in refused.pieces)
            )
        return writer.write(question, answer)
