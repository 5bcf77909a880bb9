"""llama.cpp's server, which speaks OpenAI's and Anthropic's APIs as well as its own."""

from __future__ import annotations

from typing import Final

from ...wire import OtherPath, Provider
from ._read import LlamaCppCompletion, read_prompt

__all__ = ["LLAMA_CPP", "LlamaCppCompletion"]

LLAMA_CPP: Final = Provider(
    name="llama.cpp",
    server="llama.cpp",
    other_paths=(OtherPath.of("llamacpp.completion", r"/(?:completion|infill)$"),),
    is_free=True,
    apis=(LlamaCppCompletion(),),
    prompts={"llamacpp.completion": read_prompt},
    writers="understudy.providers.llama_cpp.writers",
)
