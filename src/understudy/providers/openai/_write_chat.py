"""What OpenAI answers to chat completions, whole and in chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...wire.writing import (
    RefusalLine,
    TextLine,
    ThinkingLine,
    ToolLine,
    call_id,
    chunk_events,
    joined,
    json_text,
    members,
    quoted,
)
from ._dialects import dialect_of
from ._refusals import error_chunk

if TYPE_CHECKING:
    from ...calls import Usage
    from ...wire import Question
    from ...wire.writing import Event, JoinedReply, Line, Reply


def chat_answer(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a `chat.completion`."""
    content = joined(reply)
    if content.refusal is None and not content.tools:
        content = content._replace(text=content.text or "")
    message = {
        "role": "assistant",
        **dialect_of(question.target).message(content),
        "refusal": content.refusal,
        "annotations": [],
    }
    if content.tools:
        message["tool_calls"] = _tool_calls(reply, content)
    return {
        "id": f"chatcmpl-{reply.id}",
        "object": "chat.completion",
        "created": reply.created,
        "model": question.model_of(reply.model),
        "choices": [
            {"index": 0, "message": message, "logprobs": None, "finish_reason": reply.reason}
        ],
        "usage": chat_usage(reply.usage),
        "service_tier": "default",
        "system_fingerprint": "fp_understudy",
    }


def _tool_calls(reply: Reply, content: JoinedReply) -> list[dict[str, Any]]:
    return [
        {
            "id": call_id(reply, tool, number, "call_"),
            "type": "function",
            "function": {"name": tool.name, "arguments": tool.text},
        }
        for number, tool in enumerate(content.tools)
    ]


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
_CHOICE = ',"choices":[{"index":0,"delta":'


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
    """Return the chunks that bring the role and the content."""
    dialect = dialect_of(question.target)
    before = f"{_head(question, reply)}{_CHOICE}"
    nothing = ',"usage":null' if apart else ""
    after = f',"logprobs":null,"finish_reason":null}}]{nothing}}}'
    events: list[Event] = [(reply.first, "", _FILTERS)] if dialect.filters_first else []
    events.append((reply.first, "", f"{before}{_FIRST}{after}"))
    around: dict[type[Line], tuple[str, str] | None] = {
        TextLine: ('{"content":', "}"),
        RefusalLine: ('{"refusal":', "}"),
        ThinkingLine: dialect.delta_of_thinking(),
    }
    tools = 0
    for place, line in enumerate(reply.lines):
        if isinstance(line, ToolLine):
            identity = call_id(reply, line, tools, "call_")
            deltas = _tool_deltas(line, tools, identity, whole=not dialect.calls_in_pieces)
            events += [(place, "", f"{before}{delta}{after}") for delta in deltas]
            tools += 1
        elif ends := around[type(line)]:
            opened, closed = f"{before}{ends[0]}", f"{ends[1]}{after}"
            events += chunk_events([(place, line)], opened, closed)
    return events


def ending_events(question: Question, reply: Reply, *, apart: bool = False) -> list[Event]:
    """Return the chunks that tell the finish reason and the usage."""
    head = _head(question, reply)
    usage = json_text(chat_usage(reply.usage))
    finish = (
        f'{head}{_CHOICE}{{}},"logprobs":null,"finish_reason":{quoted(reply.reason)}}}]'
        f',"usage":{"null" if apart else usage}}}'
    )
    last = f'{head},"choices":[],"usage":{usage}}}'
    return [(reply.last, "", chunk) for chunk in ([finish, last] if apart else [finish])]


def _head(question: Question, reply: Reply) -> str:
    about = members(
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


def _tool_deltas(tool: ToolLine, number: int, identity: str, *, whole: bool) -> list[str]:
    """Return the call with its name, then its arguments; all in one where it comes `whole`."""
    place = f'{{"tool_calls":[{{"index":{number}'
    given = quoted(tool.text) if whole else '""'
    called = (
        f'{place},"id":{quoted(identity)},"type":"function"'
        f',"function":{{"name":{quoted(tool.name)},"arguments":{given}}}}}]}}'
    )
    before = f'{place},"function":{{"arguments":'
    chunks = () if whole else tool.chunks
    return [called, *(f"{before}{quoted(chunk)}}}}}]}}" for chunk in chunks)]
