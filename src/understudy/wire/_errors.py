"""The error that a provider tells, in whatever shape it tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .fields import mapping, word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._draft import Draft

_FIRST_ERROR_STATUS = 400


def read_error(body: Mapping[str, Any], draft: Draft) -> None:
    """Set the draft's error where `body`, an answer or an event of a stream, holds one.

    Under `error` (an object, a text, a list of objects; nested once more by gateways), for
    an error status also as the body itself. Shapes: `{"error": {"type" or "code" or
    "status", "message"}}` (OpenAI, Anthropic, Google), `{"error": "…"}` (Ollama, xAI),
    `{"message": "…", "__type": …}` (Cohere, Bedrock, Mistral), `{"detail": …}` (FastAPI).
    """
    told = body.get("error")
    if told:
        _read(told, body, draft)
    elif draft.status >= _FIRST_ERROR_STATUS or body.get("type") == "error":
        _read(body, body, draft)


def _read(told: Any, around: Mapping[str, Any], draft: Draft) -> None:
    if isinstance(told, list):
        told = told[0] if told else {}
    if isinstance(told, str):
        draft.error, draft.error_type = word(told), _type(around)
        return
    error = mapping(told)
    nested = error.get("error")
    if isinstance(nested, dict):
        error = nested
    draft.error = _message(error)
    draft.error_type = _type(error) or _header_type(draft)


def _type(error: Mapping[str, Any]) -> str | None:
    """Return the most telling word: type, then code, then Google's status."""
    for name in ("type", "code", "status", "__type", "error_type"):
        found = error.get(name)
        if isinstance(found, str) and found and found not in ("error", "Error"):
            return word(found)
    for name in ("code", "status", "raw_status_code"):
        found = error.get(name)
        if isinstance(found, int) and not isinstance(found, bool):
            return str(found)
    return None


def _message(error: Mapping[str, Any]) -> str | None:
    for name in ("message", "Message", "detail", "error_description", "msg", "title"):
        found = error.get(name)
        if isinstance(found, str) and found:
            return word(found)
        if found:
            return word(str(found))
    return None


def _header_type(draft: Draft) -> str | None:
    """AWS names the exception in a header: `ValidationException:http://…`."""
    return word(draft.headers.get("x-amzn-errortype", "").partition(":")[0])
