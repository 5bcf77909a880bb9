"""What Ollama answers in its own API."""

from __future__ import annotations

from ._chat import OllamaChat
from ._embed import OllamaEmbed
from ._generate import OllamaGenerate

__all__ = ["WRITERS", "OllamaChat", "OllamaEmbed", "OllamaGenerate"]

WRITERS = (OllamaChat(), OllamaGenerate(), OllamaEmbed())
