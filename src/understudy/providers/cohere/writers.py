"""The writers of Cohere's APIs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ...wire.writing import JSON_LINES, NAMED_SSE, Headers, JsonApi, Kept, Reply
from . import _write_chat_v1 as v1
from . import _write_chat_v2 as v2
from . import _write_embed as embed
from ._refusals import NO_CACHE, refuse

if TYPE_CHECKING:
    from ...wire import Question


def _headers(question: Question, reply: Reply) -> Headers:
    """Return the headers of an answer; the tokens only where it does not stream."""
    headers = (NO_CACHE, ("x-debug-trace-id", reply.id))
    if question.stream:
        return headers
    tokens = (reply.usage.input_tokens or 0) + (reply.usage.output_tokens or 0)
    return (*headers, ("num_tokens", str(tokens)))


_LINES = JSON_LINES._replace(content_type="application/stream+json")
_EVENTS = NAMED_SSE._replace(content_type="text/event-stream")
_Api = partial(JsonApi, headers=_headers, refuse=refuse)
WRITERS = (
    _Api(
        wire_api="cohere.chat.v1",
        answer=v1.chat_answer,
        events=v1.chat_events,
        framing=_LINES,
        keeps=Kept(v1.kept_ids, v1.resumed),
    ),
    _Api(wire_api="cohere.chat.v2", answer=v2.chat_answer, events=v2.chat_events, framing=_EVENTS),
    _Api(
        wire_api="cohere.generate.v1",
        answer=v1.generate_answer,
        events=v1.generate_events,
        framing=_LINES,
    ),
    _Api(wire_api="cohere.embed.v1", answer=embed.v1_answer),
    _Api(wire_api="cohere.embed.v2", answer=partial(embed.embed_answer, by_type=True, version="2")),
)
