"""The providers that understudy knows, one folder each."""

from __future__ import annotations

from typing import Final

from ..wire import WireApis
from ._unnamed import UnnamedApi, read_prompt
from .anthropic import ANTHROPIC
from .bedrock import BEDROCK, SAGEMAKER
from .cohere import COHERE
from .compatible import COMPATIBLE
from .google import GOOGLE, VERTEX
from .llama_cpp import LLAMA_CPP
from .lmstudio import LMSTUDIO
from .mistral import MISTRAL
from .ollama import OLLAMA
from .openai import AZURE, OPENAI

__all__ = ["PROVIDERS", "default_apis"]

#: In this order their APIs are asked, and their paths.
PROVIDERS: Final = (
    OPENAI,
    AZURE,
    ANTHROPIC,
    GOOGLE,
    VERTEX,
    BEDROCK,
    SAGEMAKER,
    COHERE,
    OLLAMA,
    LLAMA_CPP,
    LMSTUDIO,
    MISTRAL,
    *COMPATIBLE,
)


def default_apis() -> WireApis:
    """Return a registry of the wire APIs that understudy brings."""
    return WireApis(PROVIDERS, unnamed=UnnamedApi, prompt_reader=read_prompt)
