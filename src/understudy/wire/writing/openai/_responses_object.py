"""The response object of OpenAI's Responses API and the items of its output."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from .._joined import call_id
from .._reply import RefusalLine, ThinkingLine
from ._usage import responses_usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .._joined import Block
    from .._question import Question
    from .._reply import Reply

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


class Responding(NamedTuple):
    """What all states of one response have in common."""

    head: Mapping[str, Any]
    echo: Mapping[str, Any]

    @classmethod
    def of(cls, question: Question, reply: Reply) -> Responding:
        """Take identity from the reply and settings from the request."""
        head = {"id": f"resp_{reply.id}", "object": "response", "created_at": reply.created}
        model = question.model_of(reply.model)
        return cls(head, {"model": model, **_echo(question.body), "service_tier": "default"})

    def begun(self) -> dict[str, Any]:
        """Return the response before anything was said."""
        return self._in("in_progress", [])

    def ended(self, reply: Reply, output: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the response with all its output."""
        status, why = ending_of(reply)
        told: dict[str, Any] = {"usage": responses_usage(reply.usage)}
        if why is None:
            told["completed_at"] = reply.created + reply.latency_ms // 1000
        else:
            told["incomplete_details"] = {"reason": why}
        return self._in(status, output, **told)

    def failed(self, error: Mapping[str, Any], output: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the response that an error broke off."""
        return self._in("failed", output, error=error)

    def _in(self, status: str, output: list[dict[str, Any]], **told: Any) -> dict[str, Any]:
        state = {"status": status, "output": output, **_NOTHING_YET, **told}
        return {**self.head, **state, **self.echo}


def ending_of(reply: Reply) -> tuple[str, str | None]:
    """Return the status of the whole response, and why it is incomplete where it is."""
    reason = reply.reason
    if reason in _WHOLE:
        return "completed", None
    return "incomplete", "max_output_tokens" if reason == "length" else reason


def output_item(reply: Reply, block: Block, number: int) -> dict[str, Any]:
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
        "content": [message_part(block, block.text)],
        "role": "assistant",
    }


def message_part(block: Block, text: str) -> dict[str, Any]:
    """Return the only part of a message's content, with `text` in it."""
    if block.kind is RefusalLine:
        return {"type": "refusal", "refusal": text}
    return {"type": "output_text", "annotations": [], "logprobs": [], "text": text}


def _echo(body: Mapping[str, Any]) -> dict[str, Any]:
    told = {**_ECHOED, **{name: body[name] for name in body.keys() & _ECHOED.keys()}}
    told["reasoning"] = {"effort": None, "summary": None, **_mapping(body.get("reasoning"))}
    text = {"format": {"type": "text"}, "verbosity": "medium", **_mapping(body.get("text"))}
    return {**told, "text": text}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
