"""A reply's lines joined: by kind, and into blocks of one kind after each other."""

from __future__ import annotations

from binascii import b2a_base64
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from ..fields import parse
from ._encode import encoded
from ._reply import RefusalLine, TextLine, ThinkingLine, ToolLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._reply import Line, Reply


class JoinedReply(NamedTuple):
    """All of a kind put together; None where nothing of it was said."""

    text: str | None
    thinking: str | None
    refusal: str | None
    tools: tuple[ToolLine, ...]

    @property
    def plain(self) -> str:
        """The text and the refusal, for APIs that know no refusals."""
        return (self.text or "") + (self.refusal or "")


class Block(NamedTuple):
    """Lines of one kind after each other, with their indices; a tool call is one by itself."""

    kind: type[Line]
    lines: tuple[tuple[int, Line], ...]

    @property
    def text(self) -> str:
        """All of it."""
        return "".join([line.text for _, line in self.lines])

    @property
    def first(self) -> int:
        """The index of its first line."""
        return self.lines[0][0]

    @property
    def last(self) -> int:
        """The index of its last line."""
        return self.lines[-1][0]

    @property
    def tool(self) -> ToolLine | None:
        """The tool call, None where it is a text."""
        line = self.lines[0][1]
        return line if isinstance(line, ToolLine) else None


def joined(reply: Reply) -> JoinedReply:
    """Sort what a reply says."""
    lines = reply.lines
    if len(lines) == 1 and type(lines[0]) is TextLine:
        return JoinedReply(lines[0].text, None, None, ())
    return JoinedReply(
        _joined(lines, TextLine),
        _joined(lines, ThinkingLine),
        _joined(lines, RefusalLine),
        tuple(line for line in lines if isinstance(line, ToolLine)),
    )


def blocks(reply: Reply) -> Iterator[Block]:
    """Put lines of one kind together, in order."""
    for kind, lines in groupby(enumerate(reply.lines), key=lambda pair: type(pair[1])):
        if kind is ToolLine:
            yield from (Block(kind, (line,)) for line in lines)
        else:
            yield Block(kind, tuple(lines))


def call_id(reply: Reply, tool: ToolLine, number: int, prefix: str) -> str:
    """Return the id of the tool call that is `number` of its answer."""
    return tool.id or f"{prefix}{reply.id}{number}"


def arguments(tool: ToolLine) -> dict[str, Any]:
    """Return the arguments as the object that they should be.

    What is no JSON object (a broken call, scripted) comes whole under one key, the way
    Anthropic's documentation hands invalid JSON on.
    """
    value = parse(encoded(tool.text)) if tool.text else {}
    return value if isinstance(value, dict) else {"INVALID_JSON": tool.text}


def signature(reply: Reply, number: int) -> str:
    """Return a signature of the thoughts in block `number`: the same for the same reply."""
    return b2a_base64(encoded(f"understudy thinking {reply.id} {number}"), newline=False).decode()


def _joined(lines: tuple[Line, ...], kind: type[Line]) -> str | None:
    found = [line.text for line in lines if type(line) is kind]
    return "".join(found) if found else None
