"""Bedrock's Converse API, and its usage block, which counts cached input apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Operation, Usage
from ...wire import Asked, BaseApi, Content, Draft, Peek, Target
from ...wire.fields import consistent, count, first_count, known_sum, mapping, mappings, plus, word

if TYPE_CHECKING:
    from collections.abc import Mapping


class BedrockApi(BaseApi):
    """What Bedrock's wire APIs share: the path holds the model and whether the answer streams."""

    def matches(self, target: Target, peek: Peek) -> bool:
        """Match by the path."""
        return "/model/" in target.path and super().matches(target, peek)

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:  # noqa: ARG002
        """Read the path."""
        return Asked(target.segment_after("model"), target.path.endswith("-stream"))


class BedrockConverse(BedrockApi):
    """`POST /model/MODEL/converse` and `/converse-stream`; Nova speaks it to Invoke too."""

    wire_api = "bedrock.converse"
    operation = Operation.CHAT
    paths = ("/converse", "/converse-stream")

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read an answer."""
        draft.finish_reason = word(answer.get("stopReason"))
        _read_metadata(answer, draft)
        if draft.content is not None:
            message = mapping(mapping(answer.get("output")).get("message"))
            for block in mappings(message.get("content")):
                _read_block(block, draft.content)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read an event, `{type: payload}`; `metadata`, with the usage, is the last."""
        stop = mapping(event.get("messageStop"))
        if stop:
            draft.finish_reason, draft.complete = word(stop.get("stopReason")), True
        _read_metadata(mapping(event.get("metadata")), draft)
        if draft.content is not None:
            _read_piece(event, draft.content)

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the event is a `contentBlockDelta` that brings something."""
        return any(mapping(mapping(event.get("contentBlockDelta")).get("delta")).values())


def _read_metadata(metadata: Mapping[str, Any], draft: Draft) -> None:
    read_bedrock_usage(metadata.get("usage"), draft)
    tier = metadata.get("serviceTier")
    tier = tier.get("type") if isinstance(tier, dict) else tier
    draft.service_tier = word(tier) or draft.service_tier


def _read_block(block: Mapping[str, Any], content: Content) -> None:
    content.add_text(block.get("text"))
    use = mapping(block.get("toolUse"))
    if use:
        content.add_call(use.get("name"), use.get("input") or {}, use.get("toolUseId"))


def _read_piece(event: Mapping[str, Any], content: Content) -> None:
    begun = mapping(event.get("contentBlockStart"))
    use = mapping(mapping(begun.get("start")).get("toolUse"))
    if use:
        key = begun.get("contentBlockIndex")
        content.add_tool(key, name=use.get("name"), call_id=use.get("toolUseId"), begins=True)
    piece = mapping(event.get("contentBlockDelta"))
    delta = mapping(piece.get("delta"))
    content.add_text(delta.get("text"))
    use = mapping(delta.get("toolUse"))
    if use:
        content.add_tool(piece.get("contentBlockIndex"), arguments=use.get("input"))


def read_bedrock_usage(block: Any, draft: Draft) -> None:
    """Take usage from a `usage` object; anything else changes nothing."""
    if isinstance(block, dict) and block:
        draft.take_usage(bedrock_usage(block), block)


def bedrock_usage(block: Mapping[str, Any]) -> Usage:
    """Normalise: input = `inputTokens` + cache reads + cache writes."""
    read = first_count(block, "cacheReadInputTokens", "cacheReadInputTokenCount")
    write = first_count(block, "cacheWriteInputTokens", "cacheWriteInputTokenCount")
    return consistent(
        Usage(
            input_tokens=plus(first_count(block, "inputTokens", "inputTokenCount"), read, write),
            output_tokens=first_count(block, "outputTokens", "outputTokenCount"),
            cache_read_tokens=read,
            cache_write_tokens=write,
            cache_write_1h_tokens=_kept_an_hour(block),
        )
    )


def _kept_an_hour(block: Mapping[str, Any]) -> int | None:
    details = mappings(block.get("cacheDetails"))
    return known_sum(*(count(one.get("inputTokens")) for one in details if one.get("ttl") == "1h"))
