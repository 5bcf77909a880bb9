"""Bedrock's Invoke: one way to every model, each with answers of its own shape."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...calls import Operation, Usage
from ...wire import Asked, BaseApi, Draft, Target, WireApi, is_whole, laid_over
from ...wire.fields import bounded, first, first_count, mapping, word
from ..anthropic import AnthropicComplete, AnthropicMessages
from ..cohere import read_cohere_usage
from ..openai import read_head, read_message, read_openai_usage
from ._read_converse import BedrockApi, BedrockConverse, bedrock_usage

if TYPE_CHECKING:
    from collections.abc import Mapping


_METRICS = "amazon-bedrock-invocationMetrics"
_HEADERS = (
    ("inputTokenCount", "x-amzn-bedrock-input-token-count"),
    ("outputTokenCount", "x-amzn-bedrock-output-token-count"),
    ("cacheReadInputTokenCount", "x-amzn-bedrock-cache-read-input-token-count"),
    ("cacheWriteInputTokenCount", "x-amzn-bedrock-cache-write-input-token-count"),
)

_COUNTS = (
    "inputTextTokenCount",
    "totalOutputTextTokenCount",
    "tokenCount",
    "prompt_token_count",
    "generation_token_count",
)

#: What a model does that does not chat, by a word in its name.
_SORTS = (("embed", Operation.EMBEDDINGS), ("rerank", Operation.RERANK))
#: Of Converse, which some models speak.
_EVENTS = ("messageStart", "contentBlockStart", "contentBlockDelta", "messageStop", "metadata")


class BedrockInvoke(BedrockApi):
    """`POST /model/MODEL/invoke` and `/invoke-with-response-stream`.

    The model's own usage counts; what it does not tell is taken from Bedrock's: response
    headers, or the metrics in a stream's last event.
    """

    wire_api = "bedrock.invoke"
    operation = Operation.CHAT
    paths = ("/invoke", "/invoke-with-response-stream")

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:
        """Read the path; a model's name tells whether it embeds or reranks."""
        asked = super().asked(target, body)
        sorts = (sort for word, sort in _SORTS if word in (asked.model or ""))
        return replace(asked, operation=next(sorts, None))

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read an answer."""
        _reader_of(answer).read_answer(answer, draft)
        headers = draft.headers
        _fill_usage({name: headers[each] for name, each in _HEADERS if each in headers}, draft)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read an event; the last one holds Bedrock's metrics too."""
        _reader_of_event(event).read_event(event, draft)
        draft.complete = draft.complete or draft.finish_reason is not None or _METRICS in event
        metrics = mapping(event.get(_METRICS))
        _fill_usage({name: value for name, value in metrics.items() if "Count" in name}, draft)

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the event brings text or a piece of a tool call."""
        return _reader_of_event(event).has_content(event)


def _fill_usage(counts: Mapping[str, Any], draft: Draft) -> None:
    """Take from Bedrock's own counts what the model did not tell."""
    ours = draft.usage or Usage()
    if not counts or is_whole(ours):
        return
    theirs = bedrock_usage(counts)
    if ours.input_tokens:
        theirs = Usage(output_tokens=theirs.output_tokens)
    elif ours.output_tokens:
        theirs = replace(theirs, output_tokens=None)
    draft.usage_raw = {**bounded(counts), **(draft.usage_raw or {})}
    draft.usage = laid_over(ours, theirs)


class _OtherModels(BaseApi):
    """Titan, Llama, Mistral, Cohere, AI21 and the OpenAI-like: whole or in pieces."""

    wire_api = "bedrock.invoke"

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read an answer, or a piece of one."""
        piece = _piece(answer)
        read_head(answer, draft)
        reason = _reason(piece) or _reason(answer)
        draft.finish_reason = reason or draft.finish_reason
        _read_usage(answer, piece, draft)
        if draft.content is not None:
            draft.content.add_text(_text(piece))
            read_message(_message(piece), draft.content, is_whole="message" in piece)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read a piece."""
        self.read_answer(event, draft)

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the event brings text or a piece of a tool call."""
        piece = _piece(event)
        message = _message(piece)
        return bool(_text(piece) or message.get("content") or message.get("tool_calls"))


def _reader_of(answer: Mapping[str, Any]) -> WireApi:
    """Return what reads an answer, told by its keys."""
    if answer.get("type") == "message":
        return AnthropicMessages()
    if "completion" in answer:
        return AnthropicComplete()
    return BedrockConverse() if isinstance(answer.get("output"), dict) else _OtherModels()


def _reader_of_event(event: Mapping[str, Any]) -> WireApi:
    """Return what reads an event of a stream, told by its keys."""
    if isinstance(event.get("type"), str):
        return AnthropicMessages()
    if "completion" in event:
        return AnthropicComplete()
    return BedrockConverse() if any(name in event for name in _EVENTS) else _OtherModels()


def _message(piece: Mapping[str, Any]) -> Mapping[str, Any]:
    return mapping(piece.get("message") or piece.get("delta"))


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
        raw = {name: both[name] for name in names}
        told = Usage(
            input_tokens=first_count(raw, "inputTextTokenCount", "prompt_token_count"),
            output_tokens=first_count(
                raw, "totalOutputTextTokenCount", "tokenCount", "generation_token_count"
            ),
        )
        draft.take_usage(told, raw)
