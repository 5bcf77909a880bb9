"""Finds the reader of a wire API."""

from __future__ import annotations

from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ...calls import Prompt
from .._json import mapping, parse
from ..streams import decoded_body
from ._anthropic import read_anthropic
from ._bedrock_converse import read_bedrock_converse
from ._cohere_v1 import read_cohere_v1
from ._cohere_v2 import read_cohere_v2
from ._gemini import read_gemini
from ._ollama import read_ollama
from ._openai_chat import read_openai_chat
from ._openai_responses import read_openai_responses
from ._plain import read_plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ...calls import Request
    from ._protocol import PromptReader

_READERS: Final[Mapping[str, PromptReader]] = MappingProxyType(
    {
        "openai.chat": read_openai_chat,
        "openai.responses": read_openai_responses,
        "anthropic.messages": read_anthropic,
        "google.generateContent": read_gemini,
        "bedrock.converse": read_bedrock_converse,
        "cohere.chat.v1": read_cohere_v1,
        "cohere.chat.v2": read_cohere_v2,
        "ollama.chat": read_ollama,
    }
)


def read_prompt(wire_api: str, request: Request) -> Prompt:
    """Read what a request of `wire_api` says to the model; empty where nothing is known."""
    body = mapping(parse(decoded_body(request.headers, request.body)))
    with suppress(Exception):
        return _READERS.get(wire_api, _by_shape(body))(body)
    return Prompt()


def _by_shape(body: Mapping[str, Any]) -> PromptReader:
    """Take the body of an API that several dialects share (Bedrock's Invoke) by its look."""
    if "anthropic_version" in body:
        return read_anthropic
    return read_openai_chat if "messages" in body else read_plain
