"""OpenAI's legacy completions and its embeddings, and everybody who speaks them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Operation
from ...wire import Asked, Draft, Landmarks, Peek, Target
from ...wire.fields import first, mapping, mappings, word
from ._read_chat import OpenAIApi, read_head, read_message
from ._usage import read_openai_usage

if TYPE_CHECKING:
    from collections.abc import Mapping


class OpenAICompletions(OpenAIApi):
    """`POST …/completions` with a prompt; also fill-in-the-middle and stored prompts."""

    wire_api = "openai.completions"
    operation = Operation.TEXT_COMPLETION
    paths = ("/completions",)
    body_keys = ("prompt",)
    landmarks = Landmarks(every=(b'"finish_reason":"',), usage=(b'"usage":{',))

    def matches(self, target: Target, peek: Peek) -> bool:
        """Match what is no chat."""
        is_chat = target.path.endswith("/chat/completions")
        return not is_chat and super().matches(target, peek)

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read a `text_completion`."""
        read_head(answer, draft)
        choice = first(answer.get("choices"))
        draft.finish_reason = word(choice.get("finish_reason"))
        read_openai_usage(answer.get("usage"), draft)
        _read_text(choice, draft)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read a chunk, which has the shape of an answer."""
        read_head(event, draft)
        read_openai_usage(event.get("usage"), draft)
        for choice in mappings(event.get("choices")):
            if choice.get("index", 0) != 0:
                continue
            reason = word(choice.get("finish_reason"))
            if reason is not None:
                draft.finish_reason, draft.complete = reason, True
            _read_text(choice, draft)
        if draft.content is not None and "choices" not in event:
            draft.content.add_text(event.get("value"))  # Writer's stream

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether any choice brings text."""
        if event.get("value"):
            return True
        return any(
            choice.get("text") or mapping(choice.get("delta")).get("content")
            for choice in mappings(event.get("choices"))
        )


def _read_text(choice: Mapping[str, Any], draft: Draft) -> None:
    if draft.content is None:
        return
    if "text" in choice:
        draft.content.add_text(choice["text"])
    else:
        message = choice.get("message")
        is_whole = isinstance(message, dict)
        read_message(mapping(message or choice.get("delta")), draft.content, is_whole=is_whole)


class OpenAIEmbeddings(OpenAIApi):
    """`POST …/embeddings`: usage is input alone."""

    wire_api = "openai.embeddings"
    operation = Operation.EMBEDDINGS
    paths = ("embeddings",)
    body_keys = ("input",)

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:
        """Read the body; embeddings do not stream."""
        return Asked(super().asked(target, body).model)

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read usage and model."""
        read_head(answer, draft)
        read_openai_usage(answer.get("usage"), draft)
