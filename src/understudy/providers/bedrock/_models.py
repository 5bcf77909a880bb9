"""How the models behind Bedrock's Invoke answer: each family in its own shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Usage
from ...wire.counts import first_count
from ...wire.fields import first, mapping, word
from ..anthropic import AnthropicComplete, AnthropicMessages
from ..cohere import read_cohere_usage
from ..openai import read_head, read_message, read_openai_usage
from ._read_converse import BedrockConverse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...wire import Draft


def read_model_answer(answer: Mapping[str, Any], draft: Draft) -> None:
    """Read an answer of Invoke, told apart by its keys."""
    if answer.get("type") == "message":
        AnthropicMessages().read_answer(answer, draft)
    elif "completion" in answer:
        AnthropicComplete().read_answer(answer, draft)
    elif isinstance(answer.get("output"), dict):
        BedrockConverse().read_answer(answer, draft)
    else:
        read_model_piece(answer, draft)


def read_model_event(event: Mapping[str, Any], draft: Draft) -> None:
    """Read an event of an invoke-stream, told apart by its keys."""
    if isinstance(event.get("type"), str):
        AnthropicMessages().read_event(event, draft)
    elif "completion" in event:
        AnthropicComplete().read_event(event, draft)
    elif _is_converse(event):
        BedrockConverse().read_event(event, draft)
    else:
        read_model_piece(event, draft)


def has_model_content(event: Mapping[str, Any]) -> bool:
    """Tell whether an event of an invoke-stream brings content."""
    if isinstance(event.get("type"), str):
        return AnthropicMessages().has_content(event)
    if _is_converse(event):
        return BedrockConverse().has_content(event)
    piece = _piece(event)
    message = mapping(piece.get("message") or piece.get("delta"))
    return bool(_text(piece) or message.get("content") or message.get("tool_calls"))


def read_model_piece(answer: Mapping[str, Any], draft: Draft) -> None:
    """Read Titan, Llama, Mistral, Cohere, AI21 and the OpenAI-like: whole or in pieces."""
    piece = _piece(answer)
    read_head(answer, draft)
    reason = _reason(piece) or _reason(answer)
    draft.finish_reason = reason or draft.finish_reason
    _read_usage(answer, piece, draft)
    if draft.content is not None:
        draft.content.add_text(_text(piece))
        read_message(mapping(piece.get("message") or piece.get("delta")), draft.content)


def _is_converse(event: Mapping[str, Any]) -> bool:
    names = ("messageStart", "contentBlockStart", "contentBlockDelta", "messageStop", "metadata")
    return any(name in event for name in names)


def _piece(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the part that holds the text: the first result, choice or generation."""
    for name in ("results", "choices", "outputs", "generations", "completions"):
        if answer.get(name):
            return first(answer[name])
    return answer


def _text(piece: Mapping[str, Any]) -> Any:
    for name in ("outputText", "generation", "text", "completion"):
        if isinstance(piece.get(name), str):
            return piece[name]
    return mapping(piece.get("data")).get("text")


def _reason(piece: Mapping[str, Any]) -> str | None:
    for name in ("finish_reason", "stop_reason", "completionReason", "finishReason"):
        reason = piece.get(name)
        found = word(reason.get("reason") if isinstance(reason, dict) else reason)
        if found is not None:
            return found
    return None


def _read_usage(answer: Mapping[str, Any], piece: Mapping[str, Any], draft: Draft) -> None:
    read_openai_usage(answer.get("usage"), draft)
    read_cohere_usage(answer.get("meta"), draft)
    both = {**piece, **answer}
    names = [name for name in _COUNTS if both.get(name) is not None]
    if names:
        raw = {**(draft.usage_raw or {}), **{name: both[name] for name in names}}
        draft.usage_raw = raw
        draft.usage = Usage(
            input_tokens=first_count(raw, "inputTextTokenCount", "prompt_token_count"),
            output_tokens=first_count(
                raw, "totalOutputTextTokenCount", "tokenCount", "generation_token_count"
            ),
        )


_COUNTS = (
    "inputTextTokenCount",
    "totalOutputTextTokenCount",
    "tokenCount",
    "prompt_token_count",
    "generation_token_count",
)
