"""Faults in which the provider answers with an error."""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.utils import formatdate
from math import ceil
from typing import TYPE_CHECKING, ClassVar, Literal

from ...wire.writing import ErrorKind, Failure
from ._fault import AfterLines, Fault, check_seconds

if TYPE_CHECKING:
    from ...wire.writing import Reply
    from .._call import IncomingCall


@dataclass(frozen=True, kw_only=True)
class _Refusal(Fault):
    """An error response; `status` and `message` None are the provider's own."""

    kind: ClassVar[ErrorKind]
    status: int | None = None
    message: str | None = None

    def instead(self, call: IncomingCall) -> Failure:  # noqa: ARG002
        return Failure(kind=self.kind, status=self.status, message=self.message)


@dataclass(frozen=True, kw_only=True)
class _Busy(_Refusal):
    """An error that passes; `retry_after` says in how many seconds, None says nothing.

    `retry_after_in` is the form: whole or fractional seconds (`s`), `retry-after-ms` (`ms`), or
    a date, whose second is rounded up. None is what the provider does.
    """

    retry_after: float | None = None
    retry_after_in: Literal["s", "ms", "date"] | None = None

    def __post_init__(self) -> None:
        if self.retry_after is not None:
            check_seconds("retry_after", self.retry_after)
        if self.retry_after_in not in {None, "s", "ms", "date"}:
            msg = f"retry_after_in is {self.retry_after_in!r}; write 's', 'ms' or 'date'"
            raise ValueError(msg)

    def instead(self, call: IncomingCall) -> Failure:
        failure = super().instead(call)
        if self.retry_after is None:
            return failure
        if self.retry_after_in is None:
            return replace(failure, retry_after=self.retry_after)
        return replace(failure, headers=(self._header(self.retry_after, call),))

    def _header(self, seconds: float, call: IncomingCall) -> tuple[str, str]:
        if self.retry_after_in == "ms":
            return "retry-after-ms", f"{seconds * 1000:.12g}"
        if self.retry_after_in == "s":
            return "retry-after", f"{seconds:.12g}"
        return "retry-after", formatdate(ceil(call.received_at + seconds), usegmt=True)


@dataclass(frozen=True, kw_only=True)
class RateLimit(_Busy):
    """Status 429, with a second to wait."""

    kind = ErrorKind.RATE_LIMIT
    retry_after: float | None = 1.0


@dataclass(frozen=True, kw_only=True)
class ServerError(_Busy):
    """Status 500."""

    kind = ErrorKind.SERVER_ERROR
    status: int | None = 500


@dataclass(frozen=True, kw_only=True)
class Unavailable(_Busy):
    """Status 503."""

    kind = ErrorKind.SERVER_ERROR
    status: int | None = 503


@dataclass(frozen=True, kw_only=True)
class Overloaded(_Busy):
    """Status 529, Anthropic's own; the others' is 503."""

    kind = ErrorKind.OVERLOADED
    status: int | None = 529


@dataclass(frozen=True, kw_only=True)
class ContextOverflow(_Refusal):
    """The prompt is too long for the model: status 400."""

    spoils = False
    kind = ErrorKind.CONTEXT_OVERFLOW


@dataclass(frozen=True, kw_only=True)
class ContentFilter(AfterLines):
    """The prompt is refused with status 400; or the answer is cut off after some lines."""

    spoils = False

    def instead(self, call: IncomingCall) -> Failure | None:  # noqa: ARG002
        return Failure(kind=ErrorKind.CONTENT_FILTER) if self.after_lines is None else None

    def on_reply(self, reply: Reply, call: IncomingCall) -> Reply:  # noqa: ARG002
        return replace(reply, lines=reply.lines[: self.after_lines], finish_reason="content_filter")
