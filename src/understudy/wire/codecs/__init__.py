"""The codecs, one for each wire API."""

from __future__ import annotations

from ._anthropic_complete import AnthropicComplete
from ._anthropic_messages import AnthropicMessages
from ._bedrock_converse import BedrockConverse
from ._bedrock_invoke import BedrockInvoke
from ._cohere_chat_v1 import CohereChatV1, CohereGenerateV1
from ._cohere_chat_v2 import CohereChatV2
from ._cohere_embed import CohereEmbed
from ._gemini import Gemini
from ._gemini_embed import GeminiEmbed
from ._google_interactions import GoogleInteractions
from ._ollama import OllamaChat, OllamaEmbed, OllamaGenerate
from ._openai_chat import OpenAIChat
from ._openai_completions import OpenAICompletions
from ._openai_embeddings import OpenAIEmbeddings
from ._openai_responses import OpenAIResponses
from ._unread import Unread

__all__ = [
    "AnthropicComplete",
    "AnthropicMessages",
    "BedrockConverse",
    "BedrockInvoke",
    "CohereChatV1",
    "CohereChatV2",
    "CohereEmbed",
    "CohereGenerateV1",
    "Gemini",
    "GeminiEmbed",
    "GoogleInteractions",
    "OllamaChat",
    "OllamaEmbed",
    "OllamaGenerate",
    "OpenAIChat",
    "OpenAICompletions",
    "OpenAIEmbeddings",
    "OpenAIResponses",
    "Unread",
]
