"""Why an answer ended, in Cohere's words."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._reply import Reply

_FIRST = MappingProxyType(
    {
        "stop": "COMPLETE",
        "tool_calls": "COMPLETE",
        "length": "MAX_TOKENS",
        "content_filter": "ERROR_TOXIC",
    }
)
_SECOND = MappingProxyType(
    {
        "stop": "COMPLETE",
        "tool_calls": "TOOL_CALL",
        "length": "MAX_TOKENS",
        "content_filter": "ERROR",
    }
)


def reason_v1(reply: Reply) -> str:
    """Return the finish reason of the first API."""
    return _FIRST.get(reply.reason, reply.reason)


def reason_v2(reply: Reply) -> str:
    """Return the finish reason of the second API."""
    return _SECOND.get(reply.reason, reply.reason)
