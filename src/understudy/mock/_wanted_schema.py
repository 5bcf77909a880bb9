"""The schema that an answer must satisfy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._incoming import IncomingCall

_ANY_OBJECT: Mapping[str, Any] = {"type": "object"}


def wanted_schema(call: IncomingCall) -> Mapping[str, Any] | None:
    """Return the schema of the answer: any object where it is only to be JSON, None for text."""
    if call.prompt.schema is not None:
        return call.prompt.schema
    body = call.question.body
    told = body.get("format") or _at(body, "response_format", "json_schema")
    if isinstance(told, Mapping):  # Ollama and Cohere have the schema itself there
        return told
    kind = _at(body, "response_format", "type") or _at(body, "text", "format", "type")
    mime = _at(body, "generationConfig", "responseMimeType")
    wants_json = told == "json" or kind == "json_object" or mime == "application/json"
    return _ANY_OBJECT if wants_json else None


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
