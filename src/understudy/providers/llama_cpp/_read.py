"""llama.cpp's own completions, which may be of several prompts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...calls import Message, Operation, Prompt, Usage
from ...wire import BaseApi, Draft, Landmarks, Peek, Target
from ...wire.fields import count, known_sum, mapping, word
from ...wire.prompts import prompt_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_INFILL: Final = "/infill"
_PARTS: Final = ("input_prefix", "prompt", "input_suffix")
#: What only its requests have: an application's own `/completion` may take a prompt, too.
_OWN_WORDS: Final = (
    "n_predict",
    "cache_prompt",
    "n_probs",
    "repeat_penalty",
    "min_p",
    "grammar",
    "id_slot",
    "n_keep",
    "timings_per_token",
    "return_tokens",
)
_COUNTS: Final = ("tokens_evaluated", "tokens_predicted")
#: How older servers say why they stopped.
_STOPPED: Final = (("stopped_limit", "limit"), ("stopped_word", "word"), ("stopped_eos", "eos"))


class LlamaCppCompletion(BaseApi):
    """`POST /completion`, also as `/completions`, and `/infill`."""

    wire_api = "llamacpp.completion"
    operation = Operation.TEXT_COMPLETION
    paths = ("/completion", "/completions", _INFILL)
    landmarks = Landmarks(every=(b'"stop":true',))
    reads_lists = True

    def matches(self, target: Target, peek: Peek) -> bool:
        """Match by the path and by words that are its own."""
        if target.known or not target.path.endswith(self.paths):
            return False
        if target.path.endswith(_INFILL):
            return peek.mentions("input_prefix") or peek.mentions("input_suffix")
        return peek.mentions("prompt") and any(map(peek.mentions, _OWN_WORDS))

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read an answer, or the event that ends the one to a prompt of a stream."""
        draft.response_model = word(answer.get("model")) or draft.response_model
        draft.finish_reason = _reason(answer) or draft.finish_reason
        if any(name in answer for name in _COUNTS):
            _count(answer, draft)
        if draft.content is not None:
            draft.content.add_text(answer.get("content"))

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read a piece of the text; the last one has the figures."""
        if event.get("stop") is True:
            self.read_answer(event, draft)
            draft.complete = True
        elif draft.content is not None:
            draft.content.add_text(event.get("content"))

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the event brings text."""
        return bool(event.get("content"))


def read_prompt(body: Mapping[str, Any]) -> Prompt:
    """Read the prompt, with what stands around the hole that is to be filled."""
    text = "".join(text_of(body.get(name)) for name in _PARTS)
    said = [Message(role="user", text=text)] if text else []
    return prompt_of("", said, schema=body.get("json_schema"))


def _reason(answer: Mapping[str, Any]) -> str | None:
    older = next((reason for name, reason in _STOPPED if answer.get(name) is True), None)
    told = word(answer.get("stop_type"))
    return older if told in (None, "none") else told


def _count(answer: Mapping[str, Any], draft: Draft) -> None:
    """Add the tokens of one prompt and its answer to those of the prompts before."""
    before, raw = draft.usage or Usage(), draft.usage_raw or {}
    cached = count(mapping(answer.get("timings")).get("cache_n"))
    read, written = (count(answer.get(name)) for name in _COUNTS)
    draft.usage = Usage(
        input_tokens=known_sum(before.input_tokens, read),
        output_tokens=known_sum(before.output_tokens, written),
        cache_read_tokens=known_sum(before.cache_read_tokens, cached),
    )
    told = {name: count(answer.get(name)) for name in _COUNTS}
    draft.usage_raw = {name: known_sum(raw.get(name), each) for name, each in told.items()}
