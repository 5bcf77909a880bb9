"""Faults in what the model says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...wire.writing import ErrorKind, Failure
from .._mock_reply import UsageForm, usage_of
from ._bodies import lines_kept
from ._fault import AfterLines, Fault, check_count

if TYPE_CHECKING:
    from ...wire.writing import Reply
    from .._call import IncomingCall


@dataclass(frozen=True, kw_only=True)
class ErrorEvent(AfterLines):
    """The stream ends with an error event after some lines, half of them by default.

    A call that does not stream gets the error alone.
    """

    kind: str = ErrorKind.OVERLOADED
    message: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        ErrorKind(self.kind)

    def on_reply(self, reply: Reply, call: IncomingCall) -> Reply:  # noqa: ARG002
        kept = lines_kept(len(reply.lines), self.after_lines)
        broken = Failure(kind=ErrorKind(self.kind), message=self.message, id=reply.id)
        return replace(reply, lines=reply.lines[:kept], broken_by=broken)


@dataclass(frozen=True, kw_only=True)
class Empty(Fault):
    """The model says nothing, and stops."""

    spoils = False

    def on_reply(self, reply: Reply, call: IncomingCall) -> Reply:  # noqa: ARG002
        usage = replace(reply.usage, output_tokens=0, reasoning_tokens=0)
        return replace(reply, lines=(), finish_reason="stop", usage=usage)


@dataclass(frozen=True, kw_only=True)
class WrongUsage(Fault):
    """The usage block is wrong: all counts `factor` times as large, or what `usage` says."""

    spoils = False
    factor: int = 10
    usage: UsageForm | None = None

    def __post_init__(self) -> None:
        check_count("factor", self.factor)
        if self.usage is not None:
            usage_of(self.usage)

    def on_reply(self, reply: Reply, call: IncomingCall) -> Reply:  # noqa: ARG002
        if self.usage is not None:
            return replace(reply, usage=reply.usage.updated(usage_of(self.usage)))
        counts = {name: getattr(reply.usage, name) for name in reply.usage.__slots__}
        wrong = {name: n * self.factor for name, n in counts.items() if n}
        return replace(reply, usage=replace(reply.usage, **wrong))
