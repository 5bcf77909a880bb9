"""The events that make a message of Anthropic's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...wire.writing import ThinkingLine, ToolLine, blocks, json_text, quoted, signature
from ._refusals import error_body
from ._write_message import begun_block, head, input_usage, message_usage, output_usage, stop_reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...wire.writing import Block, Event, Question, Reply

_PING = '{"type": "ping"}'


def message_events(question: Question, reply: Reply) -> list[Event]:
    """Return all events: the start, a ping, each block with its deltas, the stop."""
    if reply.broken_by is None:
        return [*content_events(question, reply), *ending_events(reply)]
    error = json_text(error_body(question, reply.broken_by))
    return [*content_events(question, reply), (reply.last, "error", error)]


def content_events(question: Question, reply: Reply) -> list[Event]:
    """Return the events that begin a message and bring its content."""
    events = [_start(question, reply)]
    for number, block in enumerate(blocks(reply)):
        begun = json_text(begun_block(reply, block, number))
        data = f'{{"type":"content_block_start","index":{number},"content_block":{begun}}}'
        events.append((block.first, "content_block_start", data))
        if not number:
            events.append((block.first, "ping", _PING))
        events += _deltas(reply, block, number)
        stop = f'{{"type":"content_block_stop","index":{number}}}'
        events.append((block.last, "content_block_stop", stop))
    return events


def ending_events(reply: Reply) -> list[Event]:
    """Return the events that end a message: why it stopped, and the usage."""
    delta = {"stop_reason": stop_reason(reply), "stop_sequence": None}
    usage = {**input_usage(reply.usage), **output_usage(reply.usage)}
    data = json_text({"type": "message_delta", "delta": delta, "usage": usage})
    stop = '{"type":"message_stop"}'
    return [(reply.last, "message_delta", data), (reply.last, "message_stop", stop)]


def _start(question: Question, reply: Reply) -> Event:
    begun = min(reply.usage.output_tokens or 0, 1)
    message = {
        **head(question, reply),
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": message_usage(reply.usage, begun),
    }
    data = json_text({"type": "message_start", "message": message})
    return reply.first, "message_start", data


def _deltas(reply: Reply, block: Block, number: int) -> Iterator[Event]:
    before = f'{{"type":"content_block_delta","index":{number},"delta":{{"type":'
    opened = f"{before}{_opening(block)}:"
    for index, line in block.lines:
        for chunk in line.chunks:
            yield index, "content_block_delta", f"{opened}{quoted(chunk)}}}}}"
    if block.kind is ThinkingLine:
        signed = quoted(signature(reply, number))
        data = f'{before}"signature_delta","signature":{signed}}}}}'
        yield block.last, "content_block_delta", data


def _opening(block: Block) -> str:
    if block.kind is ToolLine:
        return '"input_json_delta","partial_json"'
    return '"thinking_delta","thinking"' if block.kind is ThinkingLine else '"text_delta","text"'
