"""The writers of Ollama's own API: chat, generate, embed, and its errors."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ...wire import writing
from .._embedding_models import dimensions_of

if TYPE_CHECKING:
    from ...wire import Question
    from ...wire.writing import Event, Failure, Line, Reply

JSON = "application/json; charset=utf-8"
_ERRORS = writing.error_table(
    rate_limit=(429, "too many requests, please try again later"),
    overloaded=(503, "server busy, please try again.  maximum pending requests exceeded"),
    authentication=(401, "unauthorized"),
    permission=(403, "access denied"),
    not_found=(404, "model '{model}' not found"),
    invalid_request=(400, "invalid request"),
    context_overflow=(400, "the input length exceeds the context length"),
    content_filter=(400, "the request was blocked"),
    server_error=(500, "model runner has unexpectedly stopped"),
)


def error_body(question: Question, failure: Failure) -> dict[str, str]:
    """Return the body of an error, which is also the line that breaks a stream off."""
    return {"error": _ERRORS.of(question, failure).message}


refuse = writing.refusal(_ERRORS, error_body, content_type=JSON)


_GOES_ON = ',"done":false}'
_SILENT = {"role": "assistant", "content": ""}
_REASONS = writing.reasons(tool_calls="stop", content_filter="stop")
NANOSECONDS = 1_000_000  # in a millisecond


def chat_answer(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a whole answer of `api/chat`."""
    content = writing.joined(reply)
    message: dict[str, Any] = {"role": "assistant", "content": content.plain}
    if content.thinking is not None:
        message["thinking"] = content.thinking
    if content.tools:
        calls = [_call(reply, tool, number) for number, tool in enumerate(content.tools)]
        message["tool_calls"] = calls
    told = _logprobs(question, writing.chunks_of(reply, writing.TextLine, writing.RefusalLine))
    return {**_head(question, reply), "message": message, **told, **_ending(reply)}


def _logprobs(question: Question, chunks: list[str]) -> dict[str, Any]:
    """Return how likely the tokens were, where the request asks for it."""
    if question.body.get("logprobs") is not True or not chunks:
        return {}
    return {"logprobs": writing.openai_logprobs(chunks, question.body.get("top_logprobs"))}


def chat_events(question: Question, reply: Reply) -> list[Event]:
    """Return the lines of `api/chat`; a tool call comes whole."""
    head = _head(question, reply)
    before, after = f'{{{writing.members(head)},"message":', _GOES_ON
    opened = f'{before}{{"role":"assistant",'
    events: list[Event] = []
    tools = 0
    for place, line in enumerate(reply.lines):
        if isinstance(line, writing.ToolLine):
            called = writing.json_text({**_SILENT, "tool_calls": [_call(reply, line, tools)]})
            events.append((place, "", f"{before}{called}{after}"))
            tools += 1
        else:
            events += _pieces(question, (place, line), f'{opened}"content":', f"}}{after}")
    return [*events, _last(question, reply, {**head, "message": _SILENT})]


def generate_answer(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a whole answer of `api/generate`; tool calls have no place in it."""
    content = writing.joined(reply)
    answer = {**_head(question, reply), "response": content.plain}
    if content.thinking is not None:
        answer["thinking"] = content.thinking
    told = _logprobs(question, writing.chunks_of(reply, writing.TextLine, writing.RefusalLine))
    return {**answer, **told, **_ending(reply)}


def generate_events(question: Question, reply: Reply) -> list[Event]:
    """Return the lines of `api/generate`."""
    head = _head(question, reply)
    before, after = f'{{{writing.members(head)},"response":', _GOES_ON
    events: list[Event] = []
    for place, line in enumerate(reply.lines):
        if not isinstance(line, writing.ToolLine):
            events += _pieces(question, (place, line), before, after)
    return [*events, _last(question, reply, {**head, "response": ""})]


def _pieces(question: Question, at: tuple[int, Line], before: str, after: str) -> list[Event]:
    place, line = at
    if isinstance(line, writing.ThinkingLine):
        before = f'{before}"","thinking":'
    elif question.body.get("logprobs") is True:
        told = [(one, writing.members(_logprobs(question, [one]))) for one in line.chunks]
        ends = {one: f"{after[: -len(_GOES_ON)]},{how}{_GOES_ON}" for one, how in told}
        return [(place, "", f"{before}{writing.quoted(one)}{ends[one]}") for one in line.chunks]
    return [(place, "", f"{before}{writing.quoted(chunk)}{after}") for chunk in line.chunks]


def _call(reply: Reply, tool: writing.ToolLine, number: int) -> dict[str, Any]:
    called = {"index": number, "name": tool.name, "arguments": writing.arguments(tool)}
    return {"id": writing.call_id(reply, tool, number, "call_"), "function": called}


def _head(question: Question, reply: Reply) -> dict[str, Any]:
    """Return what each line begins with."""
    return {"model": question.model_of(reply.model), "created_at": writing.moment(reply.created)}


def _ending(reply: Reply) -> dict[str, Any]:
    """Return why and how it ended: counts, and all of the time for the evaluation."""
    nanoseconds = reply.latency_ms * NANOSECONDS
    return {
        "done": True,
        "done_reason": reply.reason_in(_REASONS),
        "total_duration": nanoseconds,
        "load_duration": 0,
        "prompt_eval_count": reply.usage.input_tokens or 0,
        "prompt_eval_duration": 0,
        "eval_count": reply.usage.output_tokens or 0,
        "eval_duration": nanoseconds,
    }


def _last(question: Question, reply: Reply, silent: dict[str, Any]) -> Event:
    """Return the line that ends a stream: the figures, or what broke it off."""
    if reply.broken_by is not None:
        return reply.last, "", writing.json_text(error_body(question, reply.broken_by))
    return reply.last, "", writing.json_text({**silent, **_ending(reply)})


def embed_answer(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a vector for each input of `api/embed`."""
    asked = question.body.get("input")
    texts = [str(one) for one in (asked if isinstance(asked, list) else [asked])]
    model = question.model_of(reply.model)
    length = dimensions_of(model, question.body.get("dimensions"))
    return {
        "model": model,
        "embeddings": writing.vectors_for(texts, reply, length),
        "total_duration": reply.latency_ms * NANOSECONDS,
        "load_duration": 0,
        "prompt_eval_count": reply.usage.input_tokens or 0,
    }


_Api = partial(writing.JsonApi, framing=writing.JSON_LINES, refuse=refuse, content_type=JSON)
WRITERS = (
    _Api(wire_api="ollama.chat", answer=chat_answer, events=chat_events),
    _Api(wire_api="ollama.generate", answer=generate_answer, events=generate_events),
    _Api(wire_api="ollama.embed", answer=embed_answer),
)
