"""OpenAI's images and audio, which are billed by tokens where the answer tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Operation
from ...wire import Asked, Draft, Target
from ...wire.fields import word
from ._read_chat import OpenAIApi, read_head
from ._usage import read_openai_usage

if TYPE_CHECKING:
    from collections.abc import Mapping


class _OpenAIMedia(OpenAIApi):
    """What both share: a request that may be a form, an answer that may stream or be a file.

    `last` is the end of the name of the last event of a stream, which tells the usage; `pieces`
    are the ends of those that bring content.
    """

    operation = Operation.GENERATE_CONTENT
    last: str
    pieces: tuple[str, ...]

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:
        """Read the body; a form has no truth, only texts."""
        asked = super().asked(target, body)
        is_stream = body.get("stream") in (True, "true") or body.get("stream_format") == "sse"
        return Asked(asked.model, is_stream)

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read usage, and the text of a transcript."""
        read_head(answer, draft)
        read_openai_usage(answer.get("usage"), draft)
        if draft.content is not None:
            draft.content.add_text(answer.get("text"))

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read an event; the last one tells the usage and the whole text."""
        kind = word(event.get("type")) or ""
        read_openai_usage(event.get("usage"), draft)
        if kind.endswith(self.last):
            draft.complete = True
            if draft.content is not None:
                draft.content.add_text(event.get("text"))

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the event brings a piece of text, of sound, or an image."""
        return (word(event.get("type")) or "").endswith(self.pieces)


class OpenAIImages(_OpenAIMedia):
    """`POST …/images/generations`, `/edits`, `/variations`; older models tell no usage."""

    wire_api = "openai.images"
    paths = ("/images/generations", "/images/edits", "/images/variations")
    body_keys = ("prompt",)
    last = ".completed"
    pieces = (".partial_image", ".completed")


class OpenAIAudio(_OpenAIMedia):
    """`POST …/audio/transcriptions`, `/translations`, `/speech`; older models tell seconds."""

    wire_api = "openai.audio"
    paths = ("/audio/transcriptions", "/audio/translations", "/audio/speech")
    body_keys = ("input",)
    last = ".done"
    pieces = (".delta",)
