"""Ollama, on this machine or on another."""

from __future__ import annotations

from typing import Final

from ...wire import Needed, OtherPath, Provider
from ._read import OllamaChat, OllamaEmbed, OllamaGenerate, read_prompt

__all__ = ["OLLAMA", "OllamaChat", "OllamaEmbed", "OllamaGenerate"]

OLLAMA: Final = Provider(
    name="ollama",
    hosts=("ollama.com",),
    ports=(11434,),
    other_paths=(OtherPath.of("ollama.{}", r"/api/(chat|generate|embed)$"),),
    needs=(Needed.key("OLLAMA_API_KEY"),),
    is_free=True,
    apis=(OllamaChat(), OllamaGenerate(), OllamaEmbed()),
    prompts={"ollama.chat": read_prompt},
    writers="understudy.providers.ollama.writers",
)
