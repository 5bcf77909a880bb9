"""Bedrock's Invoke: one way to every model, each with answers of its own shape."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...calls import Operation, Usage
from ...wire import Asked, BaseApi
from ...wire.fields import mapping
from ._models import has_model_content, read_model_answer, read_model_event
from ._usage import bedrock_usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...wire import Draft, Peek, Target


_METRICS = "amazon-bedrock-invocationMetrics"
_HEADERS = (
    ("inputTokenCount", "x-amzn-bedrock-input-token-count"),
    ("outputTokenCount", "x-amzn-bedrock-output-token-count"),
    ("cacheReadInputTokenCount", "x-amzn-bedrock-cache-read-input-token-count"),
    ("cacheWriteInputTokenCount", "x-amzn-bedrock-cache-write-input-token-count"),
)


class BedrockInvoke(BaseApi):
    """`POST /model/MODEL/invoke` and `/invoke-with-response-stream`.

    The model's own usage counts; what it does not tell is taken from Bedrock's: response
    headers, or the metrics in a stream's last event.
    """

    wire_api = "bedrock.invoke"
    operation = Operation.CHAT

    def matches(self, target: Target, peek: Peek) -> bool:  # noqa: ARG002
        """Match by the path."""
        path = target.path
        return path.endswith(("/invoke", "/invoke-with-response-stream")) and "/model/" in path

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:  # noqa: ARG002
        """Read the path: it holds the model and whether the answer streams."""
        model = target.segment_after("model")
        embeds = model is not None and "embed" in model
        operation = Operation.EMBEDDINGS if embeds else None
        return Asked(model, target.path.endswith("-stream"), operation)

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read an answer."""
        read_model_answer(answer, draft)
        told = {name: draft.headers[header] for name, header in _HEADERS if header in draft.headers}
        _fill_usage(told, draft)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read an event; the last one holds Bedrock's metrics too."""
        read_model_event(event, draft)
        draft.complete = draft.complete or draft.finish_reason is not None or _METRICS in event
        metrics = mapping(event.get(_METRICS))
        _fill_usage({name: value for name, value in metrics.items() if "Count" in name}, draft)

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the event brings text or a piece of a tool call."""
        return has_model_content(event)


def _fill_usage(told: Mapping[str, Any], draft: Draft) -> None:
    """Take from Bedrock's own counts what the model did not tell."""
    ours = draft.usage or Usage()
    if not told or (ours.input_tokens is not None and ours.output_tokens is not None):
        return
    theirs = bedrock_usage(told)
    draft.usage_raw = {**told, **(draft.usage_raw or {})}
    if ours.input_tokens is None:
        output, reasoning = ours.output_tokens, ours.reasoning_tokens
        ours = replace(theirs, output_tokens=output, reasoning_tokens=reasoning)
    if ours.output_tokens is None:
        ours = replace(ours, output_tokens=theirs.output_tokens)
    draft.usage = ours
