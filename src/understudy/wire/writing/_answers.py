"""The registry of writers, and what it makes of a request and a reply."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from ...errors import UnknownNameError
from ._api_writer import write
from ._question import Question

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from ...calls import Request
    from .._registry import Recognised
    from ._api_writer import ApiWriter, Rendered
    from ._reply import Failure, Reply

_KIND = "wire API"
_PROVIDERS = ("openai", "anthropic", "google", "bedrock", "cohere", "ollama")


@dataclass(frozen=True, slots=True)
class Answers:
    """The writers by the names of their wire APIs."""

    writers: Mapping[str, ApiWriter]

    @classmethod
    def default(cls) -> Self:
        """Return the writers that understudy brings."""
        modules = [import_module(f"understudy.providers.{name}.writers") for name in _PROVIDERS]
        return cls(MappingProxyType({})).with_writers(
            *(one for part in modules for one in part.WRITERS)
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
        return write(writer, question, answer)
