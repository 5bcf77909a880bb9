"""The events of OpenAI's Responses API, numbered in order."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ...wire.writing import RefusalLine, blocks, json_text, quoted
from ._refusals import error_of
from ._write_response import Responding, ending_of, message_part, output_item

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...wire.writing import Block, Event, Question, Reply


def response_events(question: Question, reply: Reply) -> list[Event]:
    """Return all events: the start, each item with its deltas, the whole response at the end."""
    responding = Responding.of(question, reply)
    begun = json_text(responding.begun())
    events = [
        _event(reply.first, "response.created", f'"response":{begun}'),
        _event(reply.first, "response.in_progress", f'"response":{begun}'),
    ]
    output: list[dict[str, Any]] = []
    for number, block in enumerate(blocks(reply)):
        item = output_item(reply, block, number)
        output.append(item)
        events += _item_events(block, item, number)
    events += _endings(question, reply, responding, output)
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
    before = f'{{"type":"{name}",{place},"delta":'
    return [
        (index, name, f"{before}{quoted(chunk)}{after}")
        for index, line in block.lines
        for chunk in line.chunks
    ]


def _message_events(block: Block, _item: dict[str, Any], where: str) -> Iterator[Event]:
    place = f'{where},"content_index":0'
    refuses = block.kind is RefusalLine
    name, key = ("refusal", "refusal") if refuses else ("output_text", "text")
    logprobs = "" if refuses else ',"logprobs":[]'
    text = block.text
    empty, whole = json_text(message_part(block, "")), json_text(message_part(block, text))
    yield _event(block.first, "response.content_part.added", f'{place},"part":{empty}')
    yield from _deltas(block, f"response.{name}.delta", place, logprobs)
    done = f'{place},"{key}":{quoted(text)}{logprobs}'
    yield _event(block.last, f"response.{name}.done", done)
    yield _event(block.last, "response.content_part.done", f'{place},"part":{whole}')


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


def _endings(
    question: Question, reply: Reply, responding: Responding, output: list[dict[str, Any]]
) -> list[Event]:
    if reply.broken_by is None:
        name = f"response.{ending_of(reply)[0]}"
        ended = json_text(responding.ended(reply, output))
        return [_event(reply.last, name, f'"response":{ended}')]
    error = error_of(question, reply.broken_by)
    brief = {"code": error["code"] or error["type"], "message": error["message"]}
    failed = json_text(responding.failed(brief, output))
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
    {
        "message": _message_events,
        "reasoning": _reasoning_events,
        "function_call": _call_events,
    }
)
