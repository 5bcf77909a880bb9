"""How those who speak OpenAI's chat differ from OpenAI."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...wire import Question, Target
    from ...wire.writing import Headers, JoinedReply

_OPENAI: Headers = (("openai-organization", "understudy"), ("openai-version", "2020-10-01"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a provider tells reasoning, tool calls and usage.

    `reasoning` is the key of a message's reasoning; without one it is hidden, as OpenAI
    hides it. With `thinking_parts` it is a part of the content. `calls_in_pieces`: the
    arguments of a call are streamed, otherwise it comes whole. `usage_apart`: a stream that
    asks for usage gets it in a chunk of its own, after the others. `filters_first`: a
    stream begins with what the content filter found in the prompt, in a chunk without choices.
    """

    reasoning: str | None = "reasoning_content"
    thinking_parts: bool = False
    calls_in_pieces: bool = True
    usage_apart: bool = True
    filters_first: bool = False

    def delta_of_thinking(self) -> tuple[str, str] | None:
        """Return what stands before and after a piece of reasoning in a delta, if it is told."""
        if self.thinking_parts:
            part = '{"content":[{"type":"thinking","thinking":[{"type":"text","text":'
            return part, "}]}]}"
        return None if self.reasoning is None else (f'{{"{self.reasoning}":', "}")

    def message(self, content: JoinedReply) -> dict[str, Any]:
        """Return the text and the reasoning of a whole message."""
        if content.thinking is None:
            return {"content": content.text}
        if self.thinking_parts:
            thinking = [{"type": "text", "text": content.thinking}]
            text = [{"type": "text", "text": content.text}] if content.text else []
            return {"content": [{"type": "thinking", "thinking": thinking}, *text]}
        shown = {} if self.reasoning is None else {self.reasoning: content.thinking}
        return {"content": content.text, **shown}


_MISTRAL = Dialect(thinking_parts=True, calls_in_pieces=False, usage_apart=False)
_OTHERS = Dialect()
_KNOWN = MappingProxyType(
    dict.fromkeys(("openai", "github"), Dialect(reasoning=None))
    | dict.fromkeys(("groq", "openrouter", "cerebras", "together"), Dialect(reasoning="reasoning"))
    | {"azure": Dialect(reasoning=None, filters_first=True), "mistral": _MISTRAL}
)


def dialect_of(target: Target) -> Dialect:
    """Return the dialect spoken at `target`; strangers speak like DeepSeek and vLLM."""
    if "/publishers/mistralai/" in target.path:
        return _MISTRAL
    return _KNOWN.get(target.provider, _OTHERS)


def limits(remaining: str) -> Headers:
    """Return the headers of the limits, with so many requests left."""
    return (
        ("x-ratelimit-limit-requests", "10000"),
        ("x-ratelimit-limit-tokens", "30000000"),
        ("x-ratelimit-remaining-requests", remaining),
        ("x-ratelimit-remaining-tokens", "29999000"),
    )


def own_headers(question: Question, identity: str, milliseconds: str) -> Headers:
    """Return the headers that say who answers and under which id."""
    request_id = ("x-request-id", f"req_{identity}")
    provider = question.target.provider
    if provider == "openai":
        return (request_id, *_OPENAI, ("openai-processing-ms", milliseconds))
    return (request_id, ("apim-request-id", identity)) if provider == "azure" else (request_id,)
