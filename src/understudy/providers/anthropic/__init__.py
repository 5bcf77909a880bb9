"""Anthropic."""

from __future__ import annotations

from typing import Final

from ...wire import Needed, OtherPath, Provider
from ._prompts import read_messages
from ._read_messages import AnthropicComplete, AnthropicMessages
from ._usage import anthropic_usage, read_anthropic_usage

__all__ = [
    "ANTHROPIC",
    "AnthropicComplete",
    "AnthropicMessages",
    "anthropic_usage",
    "read_anthropic_usage",
    "read_messages",
]

ANTHROPIC: Final = Provider(
    name="anthropic",
    hosts=("api.anthropic.com",),
    suffixes=(".anthropic.com",),
    other_paths=(
        OtherPath.of("anthropic.complete", r"/v1/complete$"),
        OtherPath.of("anthropic.messages", r"/messages(?:/|$)|:rawPredict|:streamRawPredict"),
    ),
    needs=(Needed.key("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"),),
    key_header="x-api-key",
    price_list="anthropic",
    apis=(AnthropicMessages(), AnthropicComplete()),
    prompts={"anthropic.messages": read_messages},
    writers="understudy.providers.anthropic.writers",
)
