"""What a call is named that no codec takes: in the words of its path and its provider."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ._target import Target


class _Rule(NamedTuple):
    """A name for paths that a pattern is found in; what its groups find fills the name."""

    name: str
    pattern: re.Pattern[str]
    provider: str | None


def _rule(name: str, pattern: str, provider: str | None = None) -> _Rule:
    return _Rule(name, re.compile(pattern), provider)


# The first that fits wins.
_RULES = (
    _rule("aux.{}", r"\b(count_tokens|count-tokens|countTokens|tokenize|input_tokens)$"),
    _rule("openai.chat", r"/chat/completions"),
    _rule("openai.completions", r"/completions"),
    _rule("anthropic.complete", r"/v1/complete$"),
    _rule("openai.assistants", r"/(?:assistants|threads)(?:/|$)"),
    _rule("openai.responses", r"/responses(?:/|$)"),
    _rule("openai.embeddings", r"embeddings"),
    _rule("openai.images", r"/images/"),
    _rule("openai.moderations", r"/moderations"),
    _rule("openai.audio", r"/audio/"),
    _rule("openai.realtime", r"/realtime(?:/|$)"),
    _rule("openai.videos", r"/videos(?:/|$)"),
    _rule("aux.{}", r"/(batches|files|uploads|vector_stores|fine_tuning|containers)(?:/|$)"),
    _rule("anthropic.messages", r"/messages(?:/|$)|:rawPredict|:streamRawPredict"),
    _rule("google.generateContent", r":(?:g|streamG)enerateContent"),
    _rule("google.embed", r":(?:e|batchE|asyncBatchE)mbed(?:Content|Text)"),
    _rule("google.interactions", r"/interactions(?:/|$)"),
    _rule("bedrock.converse", r"/model/.+/converse"),
    _rule("bedrock.invoke", r"/model/.+/invoke"),
    _rule("bedrock.agent", r"^/(?:agents|knowledgebases|retrieveAndGenerate|flows)", "bedrock"),
    _rule("bedrock.other", r"", "bedrock"),
    _rule("sagemaker.invoke", r"", "sagemaker"),
    _rule("cohere.{}.{}", r"/v\d/(?:chat|generate|embed|rerank|classify|summarize)$", "cohere"),
    _rule("rerank", r"/rerank"),
    _rule("ollama.{}", r"/api/(chat|generate|embed)$"),
    _rule("replicate.predictions", r"/predictions", "replicate"),
    _rule("hf.", r"", "huggingface"),
    _rule("aux.{}", r"/(models|cachedContents)(?:/|$)"),
)


def wire_api_of(target: Target) -> str:
    """Name the wire API of a call to `target`, `other` where nothing is known of it."""
    for rule in _RULES:
        if rule.provider is None or rule.provider == target.provider:
            found = rule.pattern.search(target.path)
            if found is not None:
                return _name(rule, found)
    return "other"


def _name(rule: _Rule, found: re.Match[str]) -> str:
    if rule.name == "cohere.{}.{}":
        _, version, method = found[0].split("/")
        return rule.name.format(method, version)
    return rule.name.format(*found.groups())
