"""OpenAI, and the same on Azure."""

from __future__ import annotations

from typing import Final

from ...wire import Needed, OtherPath, Provider
from ._prompts import read_chat, read_responses
from ._read_chat import OpenAIChat, read_head, read_message
from ._read_media import OpenAIAudio, OpenAIImages
from ._read_others import OpenAICompletions, OpenAIEmbeddings
from ._read_responses import OpenAIResponses
from ._usage import openai_usage, read_openai_usage

__all__ = [
    "AZURE",
    "OPENAI",
    "OpenAIAudio",
    "OpenAIChat",
    "OpenAICompletions",
    "OpenAIEmbeddings",
    "OpenAIImages",
    "OpenAIResponses",
    "openai_usage",
    "read_chat",
    "read_head",
    "read_message",
    "read_openai_usage",
]

OPENAI: Final = Provider(
    name="openai",
    hosts=("api.openai.com", "chatgpt.com"),
    suffixes=(".api.openai.com",),
    other_paths=(
        OtherPath.of("openai.chat", r"/chat/completions"),
        OtherPath.of("openai.completions", r"/completions"),
        OtherPath.of("openai.assistants", r"/(?:assistants|threads)(?:/|$)"),
        OtherPath.of("openai.responses", r"/responses(?:/|$)"),
        OtherPath.of("openai.embeddings", r"embeddings"),
        OtherPath.of("openai.images", r"/images/"),
        OtherPath.of("openai.moderations", r"/moderations"),
        OtherPath.of("openai.audio", r"/audio/"),
        OtherPath.of("openai.realtime", r"/realtime(?:/|$)"),
        OtherPath.of("openai.videos", r"/videos(?:/|$)", is_billed=True),
        OtherPath.of(
            "aux.{}", r"/(batches|files|uploads|vector_stores|fine_tuning|containers)(?:/|$)"
        ),
    ),
    needs=(Needed.key("OPENAI_API_KEY"),),
    price_list="openai",
    apis=(
        OpenAIChat(),
        OpenAIResponses(),
        OpenAIEmbeddings(),
        OpenAICompletions(),
        OpenAIImages(),
        OpenAIAudio(),
    ),
    prompts={"openai.chat": read_chat, "openai.responses": read_responses},
    writers="understudy.providers.openai.writers",
)
AZURE: Final = Provider(
    name="azure",
    suffixes=(".azure.com", ".azure-api.net", ".azure.us"),
    needs=(Needed.key("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN"),),
    key_variables=("AZURE_OPENAI_API_KEY",),
    key_header="api-key",
    price_list="azure",
)
