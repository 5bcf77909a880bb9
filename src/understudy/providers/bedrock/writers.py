"""The writers of Bedrock's APIs, which stream in binary frames."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ...wire.writing import CHUNK_FRAMES, EVENT_FRAMES, Headers, JsonApi, Reply
from ._refusals import refuse
from ._write_converse import converse_answer, converse_events
from ._write_invoke import invoke_answer, invoke_events, invoke_headers

if TYPE_CHECKING:
    from ...wire import Question


def _headers(_question: Question, reply: Reply) -> Headers:
    return (("x-amzn-requestid", reply.id),)


_Converse = partial(JsonApi, framing=EVENT_FRAMES, headers=_headers, refuse=refuse)
_Invoke = partial(JsonApi, framing=CHUNK_FRAMES, headers=invoke_headers, refuse=refuse)
WRITERS = (
    _Converse(wire_api="bedrock.converse", answer=converse_answer, events=converse_events),
    _Invoke(wire_api="bedrock.invoke", answer=invoke_answer, events=invoke_events),
)
