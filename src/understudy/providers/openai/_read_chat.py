"""OpenAI chat completions, and everybody who speaks them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Operation
from ...wire import Asked, BaseApi, Content, Draft, Landmarks, Peek, Target
from ...wire.fields import first, is_empty, mapping, mappings, word
from ._usage import read_openai_usage

if TYPE_CHECKING:
    from collections.abc import Mapping


_PATHS = ("/chat/completions", "/cortex/inference:complete")
# Mistral and AI21 on Vertex, chat models on Databricks: named in the path, asked by their body.
_BODY_PATHS = (
    ("/publishers/mistralai/", "awPredict"),
    ("/publishers/ai21/", "awPredict"),
    ("/serving-endpoints/", "/invocations"),
)
_KEYS_OF_CONTENT = (
    "content",
    "reasoning_content",
    "reasoning",
    "refusal",
    "reasoning_details",
    "audio",
)


class OpenAIApi(BaseApi):
    """What OpenAI's wire APIs share."""

    def matches(self, target: Target, peek: Peek) -> bool:
        """Match by the path, which others may have too: on a stranger's host by the body as well.

        It must name a model, or, under `/v1`, hold one of `body_keys`: servers of one model do
        not ask for its name.
        """
        if not target.path.endswith(self.paths):
            return False
        if target.known or peek.mentions("model"):
            return True
        return target.path.rpartition("/")[0].endswith("/v1") and peek.mentions(
            *(self.body_keys or ())
        )

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:
        """Read the body; Azure may name the model (its deployment) in the path alone."""
        model = word(body.get("model"))
        for segment in ("deployments", "engines", "serving-endpoints"):
            model = model or target.segment_after(segment)
        return Asked(model, body.get("stream") is True)


class OpenAIChat(OpenAIApi):
    """`POST …/chat/completions`; one answer may hold several choices, the first one counts."""

    wire_api = "openai.chat"
    operation = Operation.CHAT
    landmarks = Landmarks(every=(b'"finish_reason":"',), usage=(b'"usage":{',))

    def matches(self, target: Target, peek: Peek) -> bool:
        """Match by the path, which nobody else has."""
        path = target.path
        if path.endswith(_PATHS) or (target.provider == "writer" and path.endswith("/v1/chat")):
            return True
        named = any(part in path and path.endswith(end) for part, end in _BODY_PATHS)
        return named and peek.mentions("messages")

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read a `chat.completion`."""
        read_head(answer, draft)
        choice = first(answer.get("choices"))
        draft.finish_reason = word(choice.get("finish_reason"))
        read_openai_usage(answer.get("usage"), draft)
        if draft.content is not None:
            read_message(mapping(choice.get("message")), draft.content, is_whole=True)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read a `chat.completion.chunk`."""
        read_head(event, draft)
        read_openai_usage(mapping(event.get("x_groq")).get("usage"), draft)
        read_openai_usage(event.get("usage"), draft)
        for choice in mappings(event.get("choices")):
            if choice.get("index", 0) == 0:
                _read_choice(choice, draft)

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether any choice brings a piece of a message (roles are none)."""
        deltas = (mapping(choice.get("delta")) for choice in mappings(event.get("choices")))
        return any(_has_content(delta) for delta in deltas)


def read_head(answer: Mapping[str, Any], draft: Draft) -> None:
    """Read what every answer of OpenAI's and each of its chunks says of itself."""
    draft.response_model = draft.response_model or word(answer.get("model"))
    draft.response_id = draft.response_id or word(answer.get("id"))
    draft.service_tier = word(answer.get("service_tier")) or draft.service_tier


def _read_choice(choice: Mapping[str, Any], draft: Draft) -> None:
    reason = word(choice.get("finish_reason"))
    if reason is not None:
        draft.finish_reason, draft.complete = reason, True
    read_openai_usage(choice.get("usage"), draft)  # Moonshot
    if draft.content is not None:
        read_message(mapping(choice.get("delta")), draft.content)


def _has_content(delta: Mapping[str, Any]) -> bool:
    return (
        any(delta.get(name) for name in _KEYS_OF_CONTENT)
        or not is_empty(delta.get("function_call"))
        or any(
            not is_empty(call.get("function", True)) for call in mappings(delta.get("tool_calls"))
        )
    )


def read_message(message: Mapping[str, Any], content: Content, *, is_whole: bool = False) -> None:
    """Read a message or a piece of one: text (or text parts), refusal, tool calls.

    Each tool call of a message that `is_whole` is one of its own, whatever its index.
    """
    text = message.get("content")
    for part in mappings(text):
        if part.get("type", "text") == "text":
            content.add_text(part.get("text"))
    content.add_text(text or message.get("refusal"))
    for place, call in enumerate(mappings(message.get("tool_calls"))):
        function, index = mapping(call.get("function") or call.get("custom")), call.get("index")
        content.add_tool(
            place if index is None else index,
            name=function.get("name"),
            arguments=function.get("arguments") or function.get("input"),
            call_id=call.get("id"),
            begins=is_whole,
        )
    legacy = mapping(message.get("function_call"))
    if legacy:
        content.add_tool("legacy", name=legacy.get("name"), arguments=legacy.get("arguments"))
