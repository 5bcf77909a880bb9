"""A reply or a scripted turn, ready to be played: its lines and what they count."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ..wire.writing import RefusalLine, TextLine, ThinkingLine, ToolLine
from ._estimator import count_tokens
from ._mock_reply import json_text, tool_call_of, usage_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..calls import ToolCall, Usage
    from ..scenarios import ScriptedReply
    from ..wire.writing import Line
    from ._mock_reply import Chunking, MockReply

# Other separators that Unicode knows are text.
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
# What a token looks like: a word or a sign, with the space before it.
_TOKEN: Final = re.compile(r"\s?\w{1,11}|\s?[^\w\s]{1,2}|\s+")
_JSON_PART: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[^"{}\[\],]+|.', re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyContent:
    """What the model says, whatever the call. `output_tokens` and `reasoning_tokens` are counted.

    `usage` is what was given of it. `fault` names what befalls the answer, as a scenario says.
    """

    lines: tuple[Line, ...]
    output_tokens: int
    reasoning_tokens: int
    usage: Usage | None = None
    finish_reason: str | None = None
    model: str | None = None
    profile: str | None = None
    vectors: tuple[tuple[float, ...], ...] | None = None
    headers: tuple[tuple[str, str], ...] = ()
    scenario: str | None = None
    fault: str | None = None


def content_of(reply: MockReply) -> ReplyContent:
    """Make a reply ready.

    Raises:
        SettingsError: a tool call, the usage or the JSON has a wrong form.
    """
    thinking = [ThinkingLine((line,)) for line in _LINE.findall(reply.thinking or "")]
    refusal = [RefusalLine((line,)) for line in _LINE.findall(reply.refusal or "")]
    calls = [tool_call_of(form) for form in reply.tool_calls]
    tools = [_tool_line(call, reply.chunk) for call in calls]
    is_cut = any(tool.chunks == tuple(reply.chunk) for tool in tools)  # by a list of its pieces
    said = () if is_cut else _text_lines(reply)
    lines: tuple[Line, ...] = (*thinking, *said, *refusal, *tools)
    return ReplyContent(
        lines=lines,
        output_tokens=_count(lines),
        reasoning_tokens=_count(thinking),
        usage=None if reply.usage is None else usage_of(reply.usage),
        finish_reason=reply.finish_reason,
        model=reply.model,
        profile=reply.profile,
        vectors=None if reply.vectors is None else tuple(map(tuple, reply.vectors)),
        headers=tuple((reply.headers or {}).items()),
    )


@lru_cache(maxsize=256)
def scripted_content(scripted: ScriptedReply) -> ReplyContent:
    """Make a scripted turn ready."""
    thinking = [ThinkingLine((line,)) for line in scripted.thinking]
    said = [TextLine((line,)) for line in scripted.lines]
    lines: tuple[Line, ...] = (*thinking, *said, *map(_tool_line, scripted.tool_calls))
    return ReplyContent(
        lines=lines,
        output_tokens=_count(lines),
        reasoning_tokens=_count(thinking),
        usage=scripted.usage,
        finish_reason=scripted.finish_reason,
        profile=scripted.profile,
        scenario=scripted.scenario,
        fault=scripted.fault,
    )


def _text_lines(reply: MockReply) -> Iterator[TextLine]:
    if not isinstance(reply.chunk, str):
        yield from (TextLine((chunk,)) for chunk in reply.chunk)
        return
    text = reply.text if reply.json is None else json_text(reply.json)
    for line in _LINE.findall(text):
        yield TextLine((line,) if reply.chunk == "line" else tuple(_TOKEN.findall(line)))


def _tool_line(call: ToolCall, chunk: Chunking = "line") -> ToolLine:
    return ToolLine(call.name, tuple(_pieces(call.arguments, chunk)), call.id)


def _pieces(arguments: str, chunk: Chunking) -> Iterator[str]:
    """Cut the arguments of a tool call: after each argument, into tokens, or as a list says."""
    if chunk == "token":
        yield from _TOKEN.findall(arguments)
    elif not isinstance(chunk, str) and "".join(chunk) == arguments:
        yield from chunk
    else:
        yield from _members(arguments)


def _members(arguments: str) -> Iterator[str]:
    start = depth = 0
    for part in _JSON_PART.finditer(arguments):
        depth += (part[0] in ("{", "[")) - (part[0] in ("}", "]"))
        if part[0] == "," and depth == 1:
            yield arguments[start : part.end()]
            start = part.end()
    yield arguments[start:]


def _count(lines: Iterable[Line]) -> int:
    names = sum(count_tokens(line.name) for line in lines if isinstance(line, ToolLine))
    return names + sum(count_tokens(line.text) for line in lines)
