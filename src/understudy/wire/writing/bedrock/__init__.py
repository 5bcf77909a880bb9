"""What Bedrock answers: Converse, and Invoke in the words of each family of models."""

from __future__ import annotations

from ._converse import BedrockConverse
from ._invoke import BedrockInvoke

__all__ = ["WRITERS", "BedrockConverse", "BedrockInvoke"]

WRITERS = (BedrockConverse(), BedrockInvoke())
