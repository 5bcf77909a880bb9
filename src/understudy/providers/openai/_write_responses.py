"""What OpenAI's Responses API answers: the response object, and the events that make it."""

from __future__ import annotations

from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ...wire.fields import mapping, word
from ...wire.writing import (
    RefusalLine,
    ThinkingLine,
    blocks,
    call_id,
    chunk_events,
    json_text,
    likely,
    openai_logprobs,
    quoted,
)
from ._refusals import error_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ...calls import Usage
    from ...wire import Question
    from ...wire.writing import Block, Event, Reply

_ECHOED: Mapping[str, Any] = MappingProxyType(
    {
        "background": False,
        "frequency_penalty": 0.0,
        "instructions": None,
        "max_output_tokens": None,
        "max_tool_calls": None,
        "metadata": {},
        "parallel_tool_calls": True,
        "presence_penalty": 0.0,
        "previous_response_id": None,
        "prompt_cache_key": None,
        "safety_identifier": None,
        "store": True,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_logprobs": 0,
        "top_p": 1.0,
        "truncation": "disabled",
        "user": None,
    }
)
_NOTHING_YET: Mapping[str, None] = MappingProxyType(
    {"completed_at": None, "error": None, "incomplete_details": None, "usage": None}
)
_WHOLE = frozenset({"stop", "tool_calls", "completed"})


def _response(question: Question, reply: Reply, status: str, **more: Any) -> dict[str, Any]:
    """Return the response in one of its states: identity, state, settings from the request."""
    head = {"id": f"resp_{reply.id}", "object": "response", "created_at": reply.created}
    state = {"status": status, "output": [], **_NOTHING_YET, **more}
    model = question.model_of(reply.model)
    return {**head, **state, "model": model, **_echo(question.body), "service_tier": "default"}


def _ended(question: Question, reply: Reply, output: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the response with all its output."""
    status, why = ending_of(reply)
    more: dict[str, Any] = {"output": output, "usage": _usage(reply.usage)}
    if why is None:
        more["completed_at"] = reply.created + reply.latency_ms // 1000
    else:
        more["incomplete_details"] = {"reason": why}
    return _response(question, reply, status, **more)


def response(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a whole `response`: reasoning, messages and calls are items, in order."""
    return _ended(question, reply, output_of(reply, question.body))


def output_of(reply: Reply, asked: Mapping[str, Any] = _NOTHING_YET) -> list[dict[str, Any]]:
    """Return the items of an answer, with what the request asks for beside."""
    return [output_item(reply, one, place, asked) for place, one in enumerate(blocks(reply))]


def conversation_of(body: Mapping[str, Any]) -> str | None:
    """Return the id under `conversation`: by itself, or in an object."""
    given = body.get("conversation")
    return word(given.get("id") if isinstance(given, dict) else given)


def ending_of(reply: Reply) -> tuple[str, str | None]:
    """Return the status of the whole response, and why it is incomplete where it is."""
    reason = reply.reason
    if reason in _WHOLE:
        return "completed", None
    return "incomplete", "max_output_tokens" if reason == "length" else reason


def output_item(
    reply: Reply, block: Block, number: int, asked: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a block as an item of the output, which it is number `number` of."""
    tool = block.tool
    if tool is not None:
        return {
            "id": f"fc_{reply.id}{number}",
            "type": "function_call",
            "status": "completed",
            "arguments": tool.text,
            "call_id": call_id(reply, tool, number, "call_"),
            "name": tool.name,
        }
    if block.kind is ThinkingLine:
        summary = [{"type": "summary_text", "text": block.text}]
        return {"id": f"rs_{reply.id}{number}", "type": "reasoning", "summary": summary}
    return {
        "id": f"msg_{reply.id}{number}",
        "type": "message",
        "status": "completed",
        "content": [message_part(block, block.text, _logprobs(block, asked))],
        "role": "assistant",
    }


def message_part(block: Block, text: str, logprobs: Any = ()) -> dict[str, Any]:
    """Return the only part of a message's content, with `text` in it."""
    if block.kind is RefusalLine:
        return {"type": "refusal", "refusal": text}
    return {"type": "output_text", "annotations": [], "logprobs": [*logprobs], "text": text}


def _logprobs(block: Block, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return how likely the tokens were, where the request includes it."""
    if "message.output_text.logprobs" not in (asked.get("include") or ()):
        return []
    chunks = (chunk for _, line in block.lines for chunk in line.chunks)
    return openai_logprobs(chunks, asked.get("top_logprobs"))


def _echo(body: Mapping[str, Any]) -> dict[str, Any]:
    echo = {**_ECHOED, **{name: body[name] for name in body.keys() & _ECHOED.keys()}}
    echo["reasoning"] = {"effort": None, "summary": None, **mapping(body.get("reasoning"))}
    if (conversation := conversation_of(body)) is not None:
        echo["conversation"] = {"id": conversation}
    text = {"format": {"type": "text"}, "verbosity": "medium", **mapping(body.get("text"))}
    return {**echo, "text": text}


def _usage(usage: Usage) -> dict[str, Any]:
    """Return the block of Responses; what is unknown is 0."""
    prompt, completion = usage.input_tokens or 0, usage.output_tokens or 0
    return {
        "input_tokens": prompt,
        "input_tokens_details": {
            "cached_tokens": usage.cache_read_tokens or 0,
            "cache_write_tokens": usage.cache_write_tokens or 0,
        },
        "output_tokens": completion,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning_tokens or 0},
        "total_tokens": prompt + completion,
    }


def response_events(question: Question, reply: Reply) -> list[Event]:
    """Return all events: the start, each item with its deltas, the whole response at the end."""
    begun = json_text(_response(question, reply, "in_progress"))
    events = [
        _event(reply.first, "response.created", f'"response":{begun}'),
        _event(reply.first, "response.in_progress", f'"response":{begun}'),
    ]
    output: list[dict[str, Any]] = []
    for number, block in enumerate(blocks(reply)):
        item = output_item(reply, block, number, question.body)
        output.append(item)
        events += _item_events(block, item, number)
    events += _endings(question, reply, output)
    return [
        (line, name, f'{data},"sequence_number":{number}}}')
        for number, (line, name, data) in enumerate(events)
    ]


def _event(line: int | None, name: str, data: str) -> Event:
    """Return an event without its number and the brace after it."""
    return line, name, f'{{"type":"{name}",{data}'


def _item_events(block: Block, item: dict[str, Any], number: int) -> Iterator[Event]:
    place = f'"output_index":{number}'
    begun = json_text({**item, **_BEGUN[item["type"]]})
    yield _event(block.first, "response.output_item.added", f'"item":{begun},{place}')
    yield from _ITEMS[item["type"]](block, item, f'"item_id":{quoted(item["id"])},{place}')
    yield _event(block.last, "response.output_item.done", f'"item":{json_text(item)},{place}')


def _deltas(block: Block, name: str, place: str, after: str = "") -> list[Event]:
    return chunk_events(block.lines, f'{{"type":"{name}",{place},"delta":', after, name)


def _message_events(block: Block, item: dict[str, Any], where: str) -> Iterator[Event]:
    place = f'{where},"content_index":0'
    (part,) = item["content"]
    name, key = ("output_text", "text") if "text" in part else ("refusal", "refusal")
    empty = json_text(message_part(block, ""))
    yield _event(block.first, "response.content_part.added", f'{place},"part":{empty}')
    yield from _text_deltas(block, f"response.{name}.delta", place, part.get("logprobs"))
    told = f',"logprobs":{json_text(part["logprobs"])}' if "logprobs" in part else ""
    done = f'{place},"{key}":{quoted(part[key])}{told}'
    yield _event(block.last, f"response.{name}.done", done)
    yield _event(block.last, "response.content_part.done", f'{place},"part":{json_text(part)}')


def _text_deltas(block: Block, name: str, place: str, told: list[Any] | None) -> Iterable[Event]:
    """Return the deltas, each with its share of the likelihoods that were `told`."""
    if not told:
        return _deltas(block, name, place, "" if told is None else ',"logprobs":[]')
    left = iter(told)
    deltas = []
    for line, chunk in [(line, chunk) for line, one in block.lines for chunk in one.chunks]:
        share = json_text(list(islice(left, len(likely([chunk])))))
        deltas.append(_event(line, name, f'{place},"delta":{quoted(chunk)},"logprobs":{share}'))
    return deltas


def _reasoning_events(block: Block, item: dict[str, Any], where: str) -> Iterator[Event]:
    place = f'{where},"summary_index":0'
    whole = item["summary"][0]
    empty = json_text({**whole, "text": ""})
    yield _event(block.first, "response.reasoning_summary_part.added", f'{place},"part":{empty}')
    yield from _deltas(block, "response.reasoning_summary_text.delta", place)
    done = f'{place},"text":{quoted(whole["text"])}'
    yield _event(block.last, "response.reasoning_summary_text.done", done)
    part = f'{place},"part":{json_text(whole)}'
    yield _event(block.last, "response.reasoning_summary_part.done", part)


def _call_events(block: Block, item: dict[str, Any], where: str) -> Iterator[Event]:
    yield from _deltas(block, "response.function_call_arguments.delta", where)
    done = f'{where},"arguments":{quoted(item["arguments"])}'
    yield _event(block.last, "response.function_call_arguments.done", done)


def _endings(question: Question, reply: Reply, output: list[dict[str, Any]]) -> list[Event]:
    if reply.broken_by is None:
        name = f"response.{ending_of(reply)[0]}"
        ended = json_text(_ended(question, reply, output))
        return [_event(reply.last, name, f'"response":{ended}')]
    error = error_of(question, reply.broken_by)
    brief = {"code": error["code"] or error["type"], "message": error["message"]}
    failed = json_text(_response(question, reply, "failed", output=output, error=brief))
    return [
        _event(reply.last, "error", f'"error":{json_text(error)}'),
        _event(reply.last, "response.failed", f'"response":{failed}'),
    ]


_BEGUN: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "message": {"status": "in_progress", "content": []},
        "reasoning": {"summary": []},
        "function_call": {"status": "in_progress", "arguments": ""},
    }
)
_ITEMS = MappingProxyType(
    {"message": _message_events, "reasoning": _reasoning_events, "function_call": _call_events}
)
