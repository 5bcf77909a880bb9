"""LM Studio, which speaks OpenAI's and Anthropic's APIs as well as its own."""

from __future__ import annotations

from typing import Final

from ...wire import OtherPath, Provider
from ._read import LmStudioChat, read_prompt

__all__ = ["LMSTUDIO", "LmStudioChat"]

LMSTUDIO: Final = Provider(
    name="lmstudio",
    local_ports=(1234,),
    other_paths=(OtherPath.of("lmstudio.chat", r"/api/v1/chat$"),),
    is_free=True,
    apis=(LmStudioChat(),),
    prompts={"lmstudio.chat": read_prompt},
    writers="understudy.providers.lmstudio.writers",
)
