"""Which family a model belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._anthropic import Anthropic
from ._cohere import CohereCommand
from ._embeddings import CohereEmbeddings, TitanEmbeddings
from ._nova import Nova
from ._openai_like import OpenAILike
from ._text import Llama, MistralText, TitanText

if TYPE_CHECKING:
    from ..._question import Question
    from ._protocol import Family

# Parts of the names of models, or keys of the body where the name is an opaque ARN.
_BY_NAME: tuple[tuple[str, Family], ...] = (
    ("titan-embed", TitanEmbeddings()),
    ("cohere.embed", CohereEmbeddings()),
    ("cohere.command", CohereCommand()),
    ("anthropic", Anthropic()),
    ("nova", Nova()),
    ("titan", TitanText()),
    ("llama", Llama()),
)
_BY_KEY: tuple[tuple[str, Family], ...] = (
    ("anthropic_version", Anthropic()),
    ("schemaVersion", Nova()),
    ("inferenceConfig", Nova()),
    ("textGenerationConfig", TitanText()),
    ("max_gen_len", Llama()),
)
_MISTRAL = MistralText()
_OTHERS = OpenAILike()


def family_of(question: Question) -> Family:
    """Tell by the name of the model, then by its body; all others speak OpenAI's chat."""
    name, body = question.model_of(None).lower(), question.body
    for part, family in _BY_NAME:
        if part in name:
            return family
    if "mistral" in name and "prompt" in body:
        return _MISTRAL
    return next((family for key, family in _BY_KEY if key in body), _OTHERS)
