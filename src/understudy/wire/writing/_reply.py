"""What a mocked model says, and how it refuses, in no provider's words; its lines joined."""

from __future__ import annotations

from binascii import b2a_base64
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from ..fields import parse
from ._encode import encoded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...calls import Usage

_NEW_YEAR_2026 = 1_767_225_600
_MOST_CHOICES = 128


class _Chunked:
    """Something said in chunks."""

    __slots__ = ()
    chunks: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.chunks)


@dataclass(frozen=True, slots=True)
class TextLine(_Chunked):
    """A line of text; its chunks stream one by one, at one moment. Newlines are kept."""

    chunks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThinkingLine(_Chunked):
    """A line of reasoning; where the provider hides it, only its time passes."""

    chunks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefusalLine(_Chunked):
    """A line of a refusal; plain text where the provider knows no refusals."""

    chunks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToolLine(_Chunked):
    """A call of a tool, which is one line; the chunks are its arguments as JSON text.

    Without an `id` it gets one of the provider's form, made from the reply's.
    """

    name: str
    chunks: tuple[str, ...]
    id: str | None = None


Line: TypeAlias = TextLine | ThinkingLine | RefusalLine | ToolLine


class ErrorKind(StrEnum):
    """Why a provider refuses or breaks off."""

    RATE_LIMIT = "rate_limit"
    OVERLOADED = "overloaded"
    AUTHENTICATION = "authentication"
    PERMISSION = "permission"
    NOT_FOUND = "not_found"
    INVALID_REQUEST = "invalid_request"
    CONTEXT_OVERFLOW = "context_overflow"
    CONTENT_FILTER = "content_filter"
    SERVER_ERROR = "server_error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One error of a provider.

    `status` and `message` None are the provider's own for that kind. `retry_after` is in
    seconds and told the way the provider tells it; None tells nothing. `headers` are laid
    over the provider's own. `id` and `created` as in a Reply.
    """

    kind: ErrorKind
    status: int | None = None
    message: str | None = None
    retry_after: float | None = None
    headers: tuple[tuple[str, str], ...] = ()
    id: str = "understudy"
    created: int = _NEW_YEAR_2026

    @property
    def wait(self) -> str | None:
        """`retry_after` as text, without needless digits."""
        return None if self.retry_after is None else f"{self.retry_after:.12g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer of a model.

    Lines of the same kind after each other are one text, one block, one item of the
    provider's. `finish_reason` is neutral (`stop`, `length`, `tool_calls`,
    `content_filter`) or the provider's own word; None is `tool_calls` after a tool call and
    `stop` otherwise. `model` None is the model asked for. `id` is what all identifiers are
    made of, `created` the time in seconds since 1970, `latency_ms` the time that the
    provider says it took. `vectors` answer a request for embeddings, one for each input and
    from the first again where there are too few; None derives them from the inputs.
    `broken_by` ends a stream with an error after the last line; a call that does not stream
    gets that error alone. `headers` are laid over the provider's own.
    """

    lines: tuple[Line, ...] = ()
    usage: Usage
    finish_reason: str | None = None
    model: str | None = None
    id: str = "understudy"
    created: int = _NEW_YEAR_2026
    latency_ms: int = 0
    vectors: tuple[tuple[float, ...], ...] | None = None
    broken_by: Failure | None = None
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def first(self) -> int | None:
        """The index of the first line, None where there is no line."""
        return 0 if self.lines else None

    @property
    def last(self) -> int | None:
        """The index of the last line, None where there is no line."""
        return len(self.lines) - 1 if self.lines else None

    @property
    def reason(self) -> str:
        """The finish reason, told or not."""
        if self.finish_reason is not None:
            return self.finish_reason
        return "tool_calls" if any(isinstance(one, ToolLine) for one in self.lines) else "stop"

    def reason_in(self, words: Mapping[str, str]) -> str:
        """Return the finish reason in a provider's words; as it is where it has none for it."""
        return words.get(self.reason, self.reason)


def reasons(**words: str) -> Mapping[str, str]:
    """Return a provider's words for the neutral finish reasons."""
    return MappingProxyType(words)


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


def chunks_of(reply: Reply, *kinds: type[Line]) -> list[str]:
    """Return the chunks of all lines of some kinds, in order."""
    return [chunk for line in reply.lines if type(line) in kinds for chunk in line.chunks]


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


def choices(asked: Any) -> range:
    """Return the indices of the choices that are asked for, 128 at most; one unless it is more."""
    return range(min(asked, _MOST_CHOICES) if type(asked) is int and asked > 1 else 1)


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
