"""What a mocked model says, and how it refuses, in no provider's words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from ...calls import Usage

_NEW_YEAR_2026 = 1_767_225_600


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

    def says(self, usual: str, model: str) -> str:
        """Return the message: the one told, or the usual one with the `{model}` filled in."""
        return usual.replace("{model}", model) if self.message is None else self.message


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
