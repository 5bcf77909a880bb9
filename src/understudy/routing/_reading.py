"""Reads answers and events of OpenAI's chat API: what they say, and whether they are whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ..calls import Usage
from ._errors import ProviderError

if TYPE_CHECKING:
    from ._provider import Body, Json

_DONE: Final = "[DONE]"
#: What of a message or a delta is something that the model said, beside its text.
_SAYING: Final = (
    "tool_calls", "function_call", "refusal", "reasoning", "reasoning_content", "audio",
)  # fmt: skip
#: The usage block of most answers, which is read much faster than the others.
_PLAIN: Final = {"prompt_tokens": None, "completion_tokens": None, "total_tokens": None}.keys()
_LETTERS_A_TOKEN: Final = 4


def parsed(given: Json) -> Body:
    """Return a body as an object.

    Raises:
        ProviderError: it is none.
    """
    if isinstance(given, str):
        try:
            body = json.loads(given)
        except ValueError as error:
            msg = f"the provider's answer is no JSON: {given[:80]!r}"
            raise ProviderError(msg) from error
    else:
        body = given
    if not isinstance(body, Mapping):
        msg = f"the provider's answer is no JSON object but {str(body)[:80]!r}"
        raise ProviderError(msg)
    return body


def usage_in(body: Body, provider: str, model: str) -> Usage:
    """Return the tokens that a body tells; unknown ones where it tells none."""
    block = body.get("usage")
    if not isinstance(block, dict) or not block:
        return Usage()
    if block.keys() == _PLAIN:
        read, written, total = (block[name] for name in _PLAIN)
        are_counts = type(read) is int and type(written) is int and read >= 0 <= written
        if are_counts and total == read + written:  # nothing stands outside
            return Usage(read, written)
    # Those who need it pay for all that is known of providers.
    from ..providers.openai import openai_usage  # noqa: PLC0415

    return openai_usage(block, provider, models=model, has_output=True)


def text_of(body: Body) -> str:
    """Return what a whole answer says in its first choice.

    Raises:
        ProviderError: it is an error with a good status, or no answer.
    """
    _refuse_error(body)
    choices = body.get("choices")
    if not isinstance(choices, list):
        msg = f"the provider's answer has no choices: {str(body)[:80]!r}"
        raise ProviderError(msg)
    first = choices[0] if choices else {}
    return _text(first.get("message")) if isinstance(first, dict) else ""


def _refuse_error(body: Body) -> None:
    error = body.get("error")
    if not error:
        return
    told: Any = error if isinstance(error, dict) else {"message": error}
    status = next((each for each in (told.get("status"), told.get("code")) if _is_http(each)), None)
    msg = f"the provider said: {told.get('message') or told}"
    raise ProviderError(msg, status=status, body=json.dumps({"error": error}, default=str))


def _is_http(value: object) -> bool:
    return isinstance(value, int) and 400 <= value < 600  # noqa: PLR2004 - statuses of HTTP


def _text(message: Any) -> str:
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, list):
        return "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


class StreamReading:
    """What the events of a stream have told so far."""

    def __init__(self, provider: str, model: str) -> None:
        self._provider = provider
        self._model = model
        self._texts: list[str] = []
        self.usage = Usage()
        self.has_content = False
        self.is_finished = False

    @property
    def text(self) -> str:
        """What the model has said so far."""
        return "".join(self._texts)

    def take(self, event: Json) -> str:
        """Take an event and return the text that it brings.

        Raises:
            ProviderError: it is an error, or no event.
        """
        if event == _DONE:
            return ""
        body = parsed(event)
        _refuse_error(body)
        if body.get("usage"):
            self.usage = self.usage.updated(usage_in(body, self._provider, self._model))
        choices = body.get("choices")
        return "".join(map(self._choice, choices)) if isinstance(choices, list) else ""

    def _choice(self, choice: Any) -> str:
        if not isinstance(choice, dict):
            return ""
        told = choice.get("delta")
        delta = told if isinstance(told, dict) else {}
        text = _text(delta)
        if choice.get("finish_reason"):
            self.is_finished = True
        if text or any(delta.get(name) for name in _SAYING):
            self.has_content = True
        if choice.get("index") or not text:  # the text of a stream is its first choice's
            return ""
        self._texts.append(text)
        return text

    def estimated_usage(self, prompt: str) -> Usage:
        """Return the usage as far as it was told, and what was not as letters tell."""
        guessed = Usage(estimated_tokens(prompt), estimated_tokens(self.text))
        return guessed.updated(self.usage)


def estimated_tokens(text: str) -> int:
    """Return about how many tokens a text has."""
    return -(-len(text) // _LETTERS_A_TOKEN)
