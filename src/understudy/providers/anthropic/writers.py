"""The writers of Anthropic's APIs, also on Vertex and on Azure."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from ...wire.writing import NAMED_SSE, Headers, JsonApi, Kept, Reply
from . import _write_messages as messages
from ._refusals import limit, refuse

if TYPE_CHECKING:
    from ...wire import Question

_LIMITS = (
    ("requests", "4000", "3999"),
    ("input-tokens", "2000000", "1999000"),
    ("output-tokens", "400000", "400000"),
    ("tokens", "2400000", "2399000"),
)
_ORGANISATION = ("anthropic-organization-id", "00000000-0000-4000-8000-000000000000")


def _headers(_question: Question, reply: Reply) -> Headers:
    """Return the headers of an answer: request id, and what is left of the limits."""
    return (("request-id", f"req_{reply.id}"), _ORGANISATION, *_left(reply.created))


@lru_cache(maxsize=64)
def _left(seconds: int) -> Headers:
    return tuple(header for one in _LIMITS for header in limit(*one, seconds))


_Api = partial(JsonApi, framing=NAMED_SSE, headers=_headers, refuse=refuse)
WRITERS = (
    _Api(
        wire_api="anthropic.messages",
        answer=messages.message,
        events=messages.message_events,
        keeps=Kept(messages.kept_ids, messages.resumed),
    ),
    _Api(
        wire_api="anthropic.complete",
        answer=messages.completion,
        events=messages.completion_events,
    ),
)
