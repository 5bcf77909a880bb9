"""The seam of what a rule answers with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...wire.writing import Failure
    from .._incoming import IncomingCall
    from .._mock_reply import MockReply
    from .._reply_content import ReplyContent

#: A text, a `MockReply`, a pydantic model, a dataclass, a dict or list; or a function of the call
#: that returns one of these, or None where it has no answer.
Answerable: TypeAlias = "str | MockReply | Callable[[IncomingCall], Any] | Any"


class Declined(NamedTuple):
    """There is no answer to this call, and why."""

    reason: str


class ReplySource(Protocol):
    """Gives the answers of a rule. It may be asked from several threads.

    `runs_out` tells whether it may decline; `gives_vectors` whether it answers requests for
    embeddings, and then no others.
    """

    @property
    def runs_out(self) -> bool: ...

    @property
    def gives_vectors(self) -> bool: ...

    def reply_to(self, call: IncomingCall, *, keep: bool) -> ReplyContent | Failure | Declined:
        """Answer `call`; with `keep` the same answer is still there for the next one."""
