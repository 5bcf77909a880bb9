"""Gemini's generateContent and its embeddings, at Google and on Vertex."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ...calls import Operation, Usage
from ...wire import Asked, BaseApi, Content, Draft, Landmarks, Peek, Target
from ...wire.fields import (
    consistent,
    count,
    first,
    first_count,
    known_sum,
    mapping,
    mappings,
    plus,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


# What `finishReason` says where a client asked for `enum-encoding=int`.
_FINISH_REASONS = MappingProxyType(
    {
        1: "STOP",
        2: "MAX_TOKENS",
        3: "SAFETY",
        4: "RECITATION",
        5: "OTHER",
        6: "BLOCKLIST",
        7: "PROHIBITED_CONTENT",
        8: "SPII",
        9: "MALFORMED_FUNCTION_CALL",
    }
)


class Gemini(BaseApi):
    """`POST …/models/MODEL:generateContent` and `:streamGenerateContent`."""

    wire_api = "google.generateContent"
    operation = Operation.GENERATE_CONTENT
    paths = (":generateContent", ":streamGenerateContent")
    landmarks = Landmarks(
        last=(b'"finishReason"', b'"modelVersion"', b'"groundingMetadata"'),
        usage=(b'"usageMetadata":{',),
    )

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:  # noqa: ARG002
        """Read the path: it holds the model and whether the answer streams."""
        return Asked(model_in_path(target), target.path.endswith(":streamGenerateContent"))

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read a `GenerateContentResponse`; of several candidates the first one counts."""
        draft.response_model = word(answer.get("modelVersion")) or draft.response_model
        draft.response_id = word(answer.get("responseId")) or draft.response_id
        candidate = first(answer.get("candidates"))
        draft.finish_reason = _finish_reason(candidate, answer) or draft.finish_reason
        read_gemini_usage(_bill(answer, candidate, draft), draft)
        if draft.content is not None:
            _read_parts(mapping(candidate.get("content")), draft.content)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read a chunk, which has the shape of an answer; usage that is whole replaces other."""
        self.read_answer(event, draft)
        draft.complete = draft.complete or draft.finish_reason is not None

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether any part holds text, thoughts, a function call or data."""
        return any(
            value
            for candidate in mappings(event.get("candidates"))
            for part in mappings(mapping(candidate.get("content")).get("parts"))
            for name, value in part.items()
            if name not in ("thought", "thoughtSignature")
        )


def _bill(answer: Mapping[str, Any], candidate: Mapping[str, Any], draft: Draft) -> Any:
    """Return the usage block, with the uses of tools that cost beside the tokens, if any.

    A stream tells them once, and its usage again and again.
    """
    block, before = answer.get("usageMetadata"), mapping(draft.usage_raw).get("server_tools")
    used = _tools_used(mapping(candidate.get("groundingMetadata"))) or before
    return {**block, "server_tools": used} if used and isinstance(block, dict) and block else block


def _tools_used(grounding: Mapping[str, Any]) -> dict[str, int]:
    if not grounding:
        return {}
    queries = grounding.get("webSearchQueries")
    maps = sum("maps" in chunk for chunk in mappings(grounding.get("groundingChunks")))
    uses = {
        "web_search": len(queries) if isinstance(queries, list) else 0,
        "google_maps": maps,
        "retrieval": int(bool(grounding.get("retrievalQueries"))),
    }
    return {tool: count for tool, count in uses.items() if count}


def model_in_path(target: Target) -> str | None:
    """Return the model of `…/models/MODEL:method`."""
    name = target.segment_after("models") or target.segment_after("endpoints")
    return name.partition(":")[0] or None if name else None


def read_gemini_usage(block: Any, draft: Draft) -> None:
    """Take usage from `usageMetadata`; the last whole block that comes is the truth."""
    if isinstance(block, dict) and block:
        draft.take_usage(gemini_usage(block), block)
        tier = word(block.get("serviceTier")) or word(block.get("trafficType"))
        draft.service_tier = tier or draft.service_tier


def gemini_usage(block: Mapping[str, Any]) -> Usage:
    """Normalise: thoughts stand outside the candidates, tool prompts outside the prompt.

    Google leaves zeros out: without candidates and thoughts the output is what the total
    leaves for it, nothing where there is no total either. What a total holds beyond its
    parts, where no thoughts are told, are thoughts.
    """
    prompt = count(block.get("promptTokenCount"))
    thoughts = count(block.get("thoughtsTokenCount"))
    candidates = first_count(block, "candidatesTokenCount", "responseTokenCount")
    input_tokens = plus(prompt, count(block.get("toolUsePromptTokenCount")))
    output = known_sum(candidates, thoughts)
    if input_tokens is not None and not thoughts:
        rest = max((count(block.get("totalTokenCount")) or 0) - input_tokens, 0)
        thoughts = rest - candidates if candidates and rest > candidates else thoughts
        output = max(rest, output or 0)
    return consistent(
        Usage(
            input_tokens=input_tokens,
            output_tokens=output,
            cache_read_tokens=count(block.get("cachedContentTokenCount")),
            reasoning_tokens=thoughts,
        )
    )


def _finish_reason(candidate: Mapping[str, Any], answer: Mapping[str, Any]) -> str | None:
    reason = candidate.get("finishReason")
    if isinstance(reason, int):
        return _FINISH_REASONS.get(reason)
    return word(reason) or word(mapping(answer.get("promptFeedback")).get("blockReason"))


def _read_parts(message: Mapping[str, Any], content: Content) -> None:
    for part in mappings(message.get("parts")):
        if not part.get("thought"):
            content.add_text(part.get("text"))
        call = mapping(part.get("functionCall"))
        if call:
            content.add_call(call.get("name"), call.get("args") or {}, call.get("id"))


class GeminiEmbed(BaseApi):
    """`POST …/models/MODEL:embedContent`; on Vertex `:predict` of an embedding model."""

    wire_api = "google.embed"
    operation = Operation.EMBEDDINGS
    paths = (":embedContent", ":batchEmbedContents", ":embedText", ":batchEmbedText")

    def matches(self, target: Target, peek: Peek) -> bool:  # noqa: ARG002
        """Match by the path."""
        path = target.path
        return path.endswith(self.paths) or (path.endswith(":predict") and "embedding" in path)

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:  # noqa: ARG002
        """Read the path: it holds the model."""
        return Asked(model_in_path(target))

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read `usageMetadata`, on Vertex the statistics of each embedding."""
        draft.response_model = word(answer.get("modelVersion"))
        read_gemini_usage(answer.get("usageMetadata"), draft)
        if draft.usage is None:
            _read_statistics(answer, draft)


def _read_statistics(answer: Mapping[str, Any], draft: Draft) -> None:
    """Add up Vertex's token counts, one for each text."""
    embeddings = (mapping(one.get("embeddings")) for one in mappings(answer.get("predictions")))
    statistics = [mapping(embedding.get("statistics")) for embedding in embeddings]
    counted = known_sum(*(count(one.get("token_count")) for one in statistics))
    if counted is not None:
        draft.usage_raw = {"statistics": statistics}
        draft.usage = Usage(input_tokens=counted)
