"""What OpenAI answers to chat completions, whole and in chunks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...wire import writing
from ._dialects import dialect_of
from ._refusals import error_chunk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...calls import Usage
    from ...wire import Question
    from ...wire.writing import Event, JoinedReply, Line, Reply


def chat_answer(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a `chat.completion`: each of its choices says the same."""
    content = writing.joined(reply)
    if content.refusal is None and not content.tools:
        content = content._replace(text=content.text or "")
    return {
        "id": f"chatcmpl-{reply.id}",
        "object": "chat.completion",
        "created": reply.created,
        "model": question.model_of(reply.model),
        "choices": [
            _choice(question, reply, content, index)
            for index in writing.choices(question.body.get("n"))
        ],
        "usage": chat_usage(reply.usage),
        "service_tier": "default",
        "system_fingerprint": "fp_understudy",
    }


def _choice(question: Question, reply: Reply, content: JoinedReply, index: int) -> dict[str, Any]:
    message = {
        "role": "assistant",
        **dialect_of(question.target).message(content),
        "refusal": content.refusal,
        "annotations": [],
    }
    if content.tools:
        message["tool_calls"] = _tool_calls(reply, content, index)
    return {
        "index": index,
        "message": message,
        "logprobs": _logprobs(question, reply),
        "finish_reason": reply.reason,
    }


def _tool_calls(reply: Reply, content: JoinedReply, index: int) -> list[dict[str, Any]]:
    """Return the calls of the choice that is number `index`; ids go on from choice to choice."""
    return [
        {
            "id": writing.call_id(reply, tool, number, "call_"),
            "type": "function",
            "function": {"name": tool.name, "arguments": tool.text},
        }
        for number, tool in enumerate(content.tools, index * len(content.tools))
    ]


def _logprobs(question: Question, reply: Reply) -> dict[str, Any] | None:
    """Return how likely the tokens were, where the request asks for it."""
    if question.body.get("logprobs") is not True:
        return None
    best = question.body.get("top_logprobs")
    kinds: dict[str, type[Line]] = {"content": writing.TextLine, "refusal": writing.RefusalLine}
    said = {name: writing.chunks_of(reply, kind) for name, kind in kinds.items()}
    return {name: writing.openai_logprobs(one, best) if one else None for name, one in said.items()}


def chat_usage(usage: Usage) -> dict[str, Any]:
    """Return the block of chat completions and of completions; what is unknown is 0."""
    prompt, completion = usage.input_tokens or 0, usage.output_tokens or 0
    details = {"cached_tokens": usage.cache_read_tokens or 0, "audio_tokens": 0}
    if usage.cache_write_tokens is not None:
        details["cache_write_tokens"] = usage.cache_write_tokens
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": details,
        "completion_tokens_details": {
            "reasoning_tokens": usage.reasoning_tokens or 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


_FILTERS = (
    '{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":'
    '[{"prompt_index":0,"content_filter_results":{}}]}'
)
_FIRST = '{"role":"assistant","content":"","refusal":null}'


def chat_events(question: Question, reply: Reply) -> list[Event]:
    """Return the chunks: the role, content, the finish reason, usage, `[DONE]`.

    Usage stands in a chunk without choices only where the request asks for it: who did not
    ask may rely on `choices[0]`, so that it comes with the finish reason then.
    """
    options = question.body.get("stream_options")
    asked = isinstance(options, dict) and options.get("include_usage") is True
    apart = asked and dialect_of(question.target).usage_apart
    content = content_events(question, reply, apart=apart)
    if reply.broken_by is not None:
        return [*content, (reply.last, "", error_chunk(question, reply.broken_by))]
    return [*content, *ending_events(question, reply, apart=apart), (reply.last, "", "[DONE]")]


def content_events(question: Question, reply: Reply, *, apart: bool = False) -> list[Event]:
    """Return the chunks that bring the role and the content, of all choices in turn."""
    filtered = dialect_of(question.target).filters_first
    events: list[Event] = [(reply.first, "", _FILTERS)] if filtered else []
    each = [
        _choice_events(question, reply, index, apart=apart)
        for index in writing.choices(question.body.get("n"))
    ]
    if len(each) == 1:
        return [*events, *each[0]]
    return [*events, *(event for together in zip(*each, strict=True) for event in together)]


def _choice_events(question: Question, reply: Reply, index: int, *, apart: bool) -> list[Event]:
    dialect = dialect_of(question.target)
    before = f'{_head(question, reply)},"choices":[{{"index":{index},"delta":'
    nothing = ',"usage":null' if apart else ""
    after = f',"logprobs":null,"finish_reason":null}}]{nothing}}}'
    events: list[Event] = [(reply.first, "", f"{before}{_FIRST}{after}")]
    around: dict[type[Line], tuple[str, str] | None] = {
        writing.TextLine: ('{"content":', "}"),
        writing.RefusalLine: ('{"refusal":', "}"),
        writing.ThinkingLine: dialect.delta_of_thinking(),
    }
    calls = [line for line in reply.lines if isinstance(line, writing.ToolLine)]
    numbers = iter(range(len(calls)))
    for place, line in enumerate(reply.lines):
        if isinstance(line, writing.ToolLine):
            number = next(numbers)
            identity = writing.call_id(reply, line, index * len(calls) + number, "call_")
            deltas = _tool_deltas(line, number, identity, whole=not dialect.calls_in_pieces)
            events += [(place, "", f"{before}{delta}{after}") for delta in deltas]
        elif ends := around[type(line)]:
            opened, closed = f"{before}{ends[0]}", f"{ends[1]}{after}"
            events += _told_events(question, reply, place, (opened, closed))
    return events


def _told_events(
    question: Question, reply: Reply, place: int, around: tuple[str, str]
) -> Iterable[Event]:
    """Return a chunk for each piece of a line, with the likelihoods that the request asks for."""
    before, after = around
    line = reply.lines[place]
    if question.body.get("logprobs") is not True or isinstance(line, writing.ThinkingLine):
        return writing.chunk_events([(place, line)], before, after)
    pieces = [(one, replace(reply, lines=(replace(line, chunks=(one,)),))) for one in line.chunks]
    told = [(one, writing.json_text(_logprobs(question, part))) for one, part in pieces]
    return [
        (place, "", f"{before}{writing.quoted(one)}{after.replace('null', how, 1)}")
        for one, how in told
    ]


def ending_events(question: Question, reply: Reply, *, apart: bool = False) -> list[Event]:
    """Return the chunks that tell the finish reason of each choice, and the usage at the end."""
    head = _head(question, reply)
    usage = writing.json_text(chat_usage(reply.usage))
    after = (
        f'"delta":{{}},"logprobs":null,"finish_reason":{writing.quoted(reply.reason)}}}],"usage":'
    )
    opened = [
        f'{head},"choices":[{{"index":{index},{after}'
        for index in writing.choices(question.body.get("n"))
    ]
    told = ["null"] * (len(opened) - 1) + ["null" if apart else usage]
    finishes = [f"{one}{usage}}}" for one, usage in zip(opened, told, strict=True)]
    last = [f'{head},"choices":[],"usage":{usage}}}'] if apart else []
    return [(reply.last, "", chunk) for chunk in (*finishes, *last)]


def _head(question: Question, reply: Reply) -> str:
    about = writing.members(
        {
            "id": f"chatcmpl-{reply.id}",
            "object": "chat.completion.chunk",
            "created": reply.created,
            "model": question.model_of(reply.model),
            "service_tier": "default",
            "system_fingerprint": "fp_understudy",
        }
    )
    return f"{{{about}"


def _tool_deltas(tool: writing.ToolLine, number: int, identity: str, *, whole: bool) -> list[str]:
    """Return the call with its name, then its arguments; all in one where it comes `whole`."""
    place = f'{{"tool_calls":[{{"index":{number}'
    given = writing.quoted(tool.text) if whole else '""'
    called = (
        f'{place},"id":{writing.quoted(identity)},"type":"function"'
        f',"function":{{"name":{writing.quoted(tool.name)},"arguments":{given}}}}}]}}'
    )
    before = f'{place},"function":{{"arguments":'
    chunks = () if whole else tool.chunks
    return [called, *(f"{before}{writing.quoted(chunk)}}}}}]}}" for chunk in chunks)]
