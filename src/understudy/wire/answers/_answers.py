"""The registry of renderers, and what it makes of a request and a reply."""

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
    from .._codecs import Recognised
    from ._protocol import Renderer
    from ._rendered import Rendered
    from ._reply import Reply

_KIND = "wire API"


@dataclass(frozen=True, slots=True)
class Answers:
    """The renderers by the names of their wire APIs."""

    renderers: Mapping[str, Renderer]

    @classmethod
    def default(cls) -> Self:
        """Return the renderers that understudy brings."""
        return cls(MappingProxyType({})).with_renderers(
            openai.OpenAIChat(),
            openai.OpenAIResponses(),
            openai.OpenAIEmbeddings(),
            openai.OpenAICompletions(),
            anthropic.AnthropicMessages(),
            anthropic.AnthropicComplete(),
            google.Gemini(),
            google.GeminiEmbed(),
            google.GoogleInteractions(),
            bedrock.BedrockConverse(),
            bedrock.BedrockInvoke(),
            cohere.CohereChatV1(),
            cohere.CohereChatV2(),
            cohere.CohereGenerateV1(),
            cohere.CohereEmbed("v1"),
            cohere.CohereEmbed("v2"),
            ollama.OllamaChat(),
            ollama.OllamaGenerate(),
            ollama.OllamaEmbed(),
        )

    def with_renderers(self, *more: Renderer) -> Self:
        """Return a registry in which `more` stand in for those of the same wire APIs."""
        named = {renderer.wire_api: renderer for renderer in more}
        return replace(self, renderers=MappingProxyType({**self.renderers, **named}))

    def render(self, recognised: Recognised, request: Request, answer: Reply | Failure) -> Rendered:
        """Write `answer` to `request` in the wire format of who is asked.

        Raises UnknownNameError where nobody writes that wire API.
        """
        return self.answer(Question.of(recognised, request), answer)

    def answer(self, question: Question, answer: Reply | Failure) -> Rendered:
        """Write `answer` to a question that is read already. Raises as `render`."""
        renderer = self.renderers.get(question.wire_api)
        if renderer is None:
            raise UnknownNameError(_KIND, question.wire_api, self.renderers)
        if isinstance(answer, Failure):
            return renderer.refuse(question, answer)
        if answer.broken_by is not None and not question.stream:
            refused = renderer.refuse(question, answer.broken_by)
            return replace(
                refused, pieces=tuple(Piece(answer.last, data) for _, data in refused.pieces)
            )
        return renderer.render(question, answer)
