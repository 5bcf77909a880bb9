"""The writers of OpenAI's APIs, for everybody who speaks them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ...wire.fields import mappings, word
from ...wire.writing import NAMED_SSE, Headers, JsonApi, Kept, Reply, signature
from ._dialects import limits, own_headers
from ._refusals import refuse
from ._write_chat import chat_answer, chat_events
from ._write_others import completion, completion_events, embeddings
from ._write_responses import conversation_of, output_of, response, response_events

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...wire import Question
    from ...wire.writing import Answers

_LEFT: Headers = (
    *limits("9999"),
    ("x-ratelimit-reset-requests", "6ms"),
    ("x-ratelimit-reset-tokens", "2ms"),
)


def _headers(question: Question, reply: Reply) -> Headers:
    """Return the headers of an answer: request id, time taken, what is left of the limits."""
    return (*own_headers(question, reply.id, str(reply.latency_ms)), *_LEFT)


def _response(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a response; of `/compact` what the user said, and one item for all the rest."""
    whole = response(question, reply)
    if not _compacts(question):
        return whole
    said = [
        {"type": "message", **one} for one in _items(question.body) if one.get("role") == "user"
    ]
    rest = {"id": f"cmp_{reply.id}", "type": "compaction", "encrypted_content": signature(reply, 0)}
    about = {name: whole[name] for name in ("id", "created_at", "usage")}
    return {**about, "object": "response.compaction", "output": [*said, rest]}


def _compacts(question: Question) -> bool:
    return question.target.path.endswith("/compact")


def _kept_ids(question: Question, reply: Reply) -> tuple[str | None, ...]:
    """Return the id of the answer, and that of the conversation which goes on with it."""
    if _compacts(question):
        return (None,)
    return f"resp_{reply.id}", conversation_of(question.body)


def _resumed(body: Mapping[str, Any], answers: Answers) -> Mapping[str, Any]:
    """Put the items of the conversation before those of the request, which may refer to some."""
    given = _items(body)
    items = [_referred(item, answers) if _is_reference(item) else item for item in given]
    before = answers.get(word(body.get("previous_response_id")) or conversation_of(body) or "")
    if before is None:
        return body if items == given else {**body, "input": items}
    question, reply = before
    return {**body, "input": [*_items(question.body), *output_of(reply), *items]}


def _items(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    given = body.get("input")
    return [{"role": "user", "content": given}] if isinstance(given, str) else mappings(given)


def _is_reference(item: Mapping[str, Any]) -> bool:
    kind = item.get("type")
    return kind == "item_reference" or (kind is None and "role" not in item)


def _referred(item: dict[str, Any], answers: Answers) -> dict[str, Any]:
    """Return the item of an earlier answer that has the id of this one; itself where none has."""
    identity = word(item.get("id")) or ""
    said = (output_of(reply) for _, reply in tuple(answers.values()) if reply.id in identity)
    return next((one for output in said for one in output if one["id"] == identity), item)


_Api = partial(JsonApi, headers=_headers, refuse=refuse)
WRITERS = (
    _Api(wire_api="openai.chat", answer=chat_answer, events=chat_events),
    _Api(
        wire_api="openai.responses",
        answer=_response,
        events=response_events,
        framing=NAMED_SSE,
        keeps=Kept(_kept_ids, _resumed),
    ),
    _Api(wire_api="openai.embeddings", answer=embeddings),
    _Api(wire_api="openai.completions", answer=completion, events=completion_events),
)
