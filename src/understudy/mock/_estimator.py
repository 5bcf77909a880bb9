"""Counts tokens without a tokenizer: a rough figure, but the same on every machine.

On recorded answers of many providers the median error is 7 %, on OpenAI's 2 %.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from ..wire.writing import choices

# Each match is a token: a word of usual length, three digits, an ideograph, a third of a word in
# another script, two signs, a line break, an indentation. A single space belongs to what follows.
_TOKEN: Final = re.compile(
    r"[A-Za-z]{1,11}|\d{1,3}|[\u2e80-\ud7ff\uf900-\uffef]|[^\W\d_]{1,3}"
    r"|[!-/:-@\[-`{-~]{1,2}|\n+|[ \t]{2,}|\S"
)
_AROUND_PROMPT: Final = 3
_AROUND_MESSAGE: Final = 4
# Where requests hold what they say, over all wire APIs; and where they describe tools and schemas.
_TEXT_KEYS: Final = frozenset(
    {"chat_history", "content", "contents", "input", "inputText", "inputs", "instructions",
     "message", "messages", "preamble", "prompt", "requests", "system", "systemInstruction",
     "system_instruction", "texts", "tool_results"}
)  # fmt: skip
_DESCRIBED: Final = frozenset(
    ["output_config", "output_format", "response_format", "text", "toolConfig", "tools"]
)
# Below these keys is nothing that the model reads as text.
_NO_TEXT: Final = frozenset(
    {"bytes", "cache_control", "call_id", "data", "encrypted_content", "file_data", "id",
     "image_url", "inlineData", "inline_data", "media_type", "role", "signature", "source",
     "tool_call_id", "tool_use_id", "toolUseId", "type", "url"}
)  # fmt: skip


@lru_cache(maxsize=1024)
def count_tokens(text: str) -> int:
    """Return about how many tokens a model makes of `text`."""
    return len(_TOKEN.findall(text))


def count_input(body: Mapping[str, Any]) -> int:
    """Return about how many input tokens a request has."""
    count = _AROUND_PROMPT
    for name, value in body.items():
        if name in _TEXT_KEYS:
            count += _count_texts(value)
            count += _AROUND_MESSAGE * len(value) if isinstance(value, list) else 0
        elif name in _DESCRIBED:
            count += count_tokens(str(value))
    return count


def count_choices(body: Mapping[str, Any]) -> int:
    """Return how many choices a request asks for, over all wire APIs; of completions per prompt."""
    config, prompt = body.get("generationConfig"), body.get("prompt")
    named = config.get("candidateCount") if isinstance(config, Mapping) else body.get("n")
    asked = named or body.get("num_generations")
    prompts = isinstance(prompt, list) and sum(isinstance(one, str) for one in prompt)
    return len(choices(asked)) * (prompts or 1)


def _count_texts(value: Any) -> int:
    if isinstance(value, str):
        return count_tokens(value)
    if isinstance(value, Mapping):
        return sum(_count_texts(part) for name, part in value.items() if name not in _NO_TEXT)
    return sum(map(_count_texts, value)) if isinstance(value, list) else 0
