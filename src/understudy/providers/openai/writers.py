"""The writers of OpenAI's APIs, for everybody who speaks them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ...wire.writing import NAMED_SSE, Headers, JsonApi, Kept, Reply
from ._dialects import limits, own_headers
from ._refusals import refuse
from ._write_chat import chat_answer, chat_events
from ._write_others import completion, completion_events, embeddings
from ._write_responses import kept_ids, response, response_events, resumed

if TYPE_CHECKING:
    from ...wire import Question

_LEFT: Headers = (
    *limits("9999"),
    ("x-ratelimit-reset-requests", "6ms"),
    ("x-ratelimit-reset-tokens", "2ms"),
)


def _headers(question: Question, reply: Reply) -> Headers:
    """Return the headers of an answer: request id, time taken, what is left of the limits."""
    return (*own_headers(question, reply.id, str(reply.latency_ms)), *_LEFT)


_Api = partial(JsonApi, headers=_headers, refuse=refuse)
WRITERS = (
    _Api(wire_api="openai.chat", answer=chat_answer, events=chat_events),
    _Api(
        wire_api="openai.responses",
        answer=response,
        events=response_events,
        framing=NAMED_SSE,
        keeps=Kept(kept_ids, resumed),
    ),
    _Api(wire_api="openai.embeddings", answer=embeddings),
    _Api(wire_api="openai.completions", answer=completion, events=completion_events),
)
