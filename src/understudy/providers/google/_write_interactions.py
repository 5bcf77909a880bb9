"""What Gemini's Interactions API answers, whole and as server-sent events."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ...wire import writing
from ...wire.fields import word
from ._prompts import steps_of
from ._refusals import error_body

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...calls import Usage
    from ...wire import Question
    from ...wire.writing import Answers, Block, Event, Line, Reply

_STATES = writing.reasons(stop="completed", tool_calls="requires_action")

_AROUND: Mapping[type[Line], tuple[str, str]] = MappingProxyType(
    {
        writing.ToolLine: ('{"type":"arguments_delta","arguments":', "}"),
        writing.ThinkingLine: ('{"type":"thought_summary","content":{"type":"text","text":', "}}"),
    }
)


def interaction(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a whole `interaction`: thoughts, model outputs and function calls are steps."""
    return {**_ended(question, reply), "steps": _steps(reply)}


def _steps(reply: Reply) -> list[dict[str, Any]]:
    return [_step(reply, one, place) for place, one in enumerate(writing.blocks(reply))]


def kept_ids(_question: Question, reply: Reply) -> tuple[str]:
    """Return the id of the interaction."""
    return (f"v1_{reply.id}",)


def resumed(body: Mapping[str, Any], answers: Answers) -> Mapping[str, Any]:
    """Put the steps of earlier interactions before the input of the request."""
    before = answers.get(word(body.get("previous_interaction_id")) or "")
    if before is None:
        return body
    question, reply = before
    return {**body, "input": [*steps_of(question.body), *_steps(reply), *steps_of(body)]}


def _head(question: Question, reply: Reply) -> dict[str, Any]:
    model = question.model_of(reply.model)
    return {"id": f"v1_{reply.id}", "object": "interaction", "model": model}


def _ended(question: Question, reply: Reply) -> dict[str, Any]:
    now = writing.moment(reply.created)
    return {
        **_head(question, reply),
        "status": _STATES.get(reply.reason, "incomplete"),
        "usage": _usage(reply.usage),
        "created": now,
        "updated": now,
        "service_tier": "standard",
    }


def _usage(usage: Usage) -> dict[str, int]:
    """Return the block, in which thoughts stand outside the output."""
    thoughts = usage.reasoning_tokens or 0
    return {
        "total_input_tokens": usage.input_tokens or 0,
        "total_cached_tokens": usage.cache_read_tokens or 0,
        "total_output_tokens": max((usage.output_tokens or 0) - thoughts, 0),
        "total_tool_use_tokens": 0,
        "total_thought_tokens": thoughts,
        "total_tokens": (usage.input_tokens or 0) + (usage.output_tokens or 0),
    }


def _step(reply: Reply, block: Block, number: int) -> dict[str, Any]:
    """Return a block as a step with all that is in it."""
    begun = _begun(reply, block, number)
    if block.tool is not None:
        return {**begun, "arguments": writing.arguments(block.tool)}
    text = [{"type": "text", "text": block.text}]
    if block.kind is writing.ThinkingLine:
        return {**begun, "summary": text, "signature": writing.signature(reply, number)}
    return {**begun, "content": text}


def _begun(reply: Reply, block: Block, number: int) -> dict[str, Any]:
    tool = block.tool
    if tool is not None:
        identity = writing.call_id(reply, tool, number, "call_")
        return {"type": "function_call", "id": identity, "name": tool.name, "arguments": {}}
    return {"type": "thought" if block.kind is writing.ThinkingLine else "model_output"}


def _event(line: int | None, name: str, data: str) -> Event:
    return line, name, f'{{{data},"event_type":"{name}"}}'


def interaction_events(question: Question, reply: Reply) -> list[Event]:
    """Return the events that make an `interaction`."""
    begun = writing.json_text({**_head(question, reply), "status": "in_progress"})
    update = f'"interaction_id":{writing.quoted(f"v1_{reply.id}")},"status":"in_progress"'
    events = [
        _event(reply.first, "interaction.created", f'"interaction":{begun}'),
        _event(reply.first, "interaction.status_update", update),
    ]
    for number, block in enumerate(writing.blocks(reply)):
        step = f'"index":{number},"step":{writing.json_text(_begun(reply, block, number))}'
        events.append(_event(block.first, "step.start", step))
        events += _deltas(reply, block, number)
        events.append(_event(block.last, "step.stop", f'"index":{number}'))
    if reply.broken_by is not None:
        body = error_body(question, reply.broken_by)["error"]
        error = writing.json_text({"code": body["status"], "message": body["message"]})
        return [*events, _event(reply.last, "error", f'"error":{error}')]
    ended = f'"interaction":{writing.json_text(_ended(question, reply))}'
    completed = _event(reply.last, "interaction.completed", ended)
    return [*events, completed, (reply.last, "done", "[DONE]")]


def _deltas(reply: Reply, block: Block, number: int) -> list[Event]:
    name, place = "step.delta", f'"index":{number},"delta":'
    before, after = _AROUND.get(block.kind, ('{"type":"text","text":', "}"))
    after = f'{after},"event_type":"{name}"}}'
    events = writing.chunk_events(block.lines, f"{{{place}{before}", after, name)
    if block.kind is writing.ThinkingLine:
        signed = {"type": "thought_signature", "signature": writing.signature(reply, number)}
        events.append(_event(block.last, name, f"{place}{writing.json_text(signed)}"))
    return events
