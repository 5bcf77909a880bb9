"""What a rule answers with: one reply, several, or a scenario."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from ...scenarios import Conversation, UnmatchedTurn
from ...wire.writing import TextLine, ToolLine
from .._demands import forced_tool
from .._reply_content import ReplyContent, content_of, scripted_content

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ...scenarios import Scenario
    from ...wire.writing import Failure
    from .._call import IncomingCall
    from .._mock_reply import MockReply

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


class Fixed:
    """One reply. JSON goes into the arguments of the tool, where the request forces one."""

    runs_out = False

    def __init__(self, reply: MockReply) -> None:
        self.content = content_of(reply)
        self.gives_vectors = self.content.vectors is not None
        self._is_json = reply.json is not None

    def reply_to(self, call: IncomingCall, *, keep: bool) -> ReplyContent:  # noqa: ARG002
        """Give the reply."""
        if self._is_json and (tool := forced_tool(call)) is not None:
            return into_tool(self.content, tool)
        return self.content


def into_tool(content: ReplyContent, tool: str) -> ReplyContent:
    """Return what is said in `content` as the arguments of a call of `tool`."""
    others = tuple(line for line in content.lines if not isinstance(line, TextLine))
    return replace(content, lines=(*others, ToolLine(tool, (content.text,))))


class InOrder:
    """Each call gets the next reply; after the last one there is none."""

    runs_out = True

    def __init__(self, sources: Sequence[ReplySource]) -> None:
        self._sources = sources
        self._lock = Lock()
        self._given = 0
        self.gives_vectors = bool(sources) and all(source.gives_vectors for source in sources)

    def reply_to(self, call: IncomingCall, *, keep: bool) -> ReplyContent | Failure | Declined:
        """Give the next reply."""
        with self._lock:
            number = self._given
            if number == len(self._sources):
                return Declined(f"all {number} replies have been given")
            self._given += not keep
        return self._sources[number].reply_to(call, keep=keep)


class Script:
    """One conversation with a scenario."""

    gives_vectors = False
    runs_out = True

    def __init__(self, scenario: Scenario) -> None:
        self._conversation = Conversation(scenario)

    def reply_to(self, call: IncomingCall, *, keep: bool) -> ReplyContent | Declined:
        """Give the scenario's answer and go on to its next turn."""
        conversation = self._conversation
        said = call.observed()
        step = conversation.peek(said) if keep else conversation.advance(said)
        return Declined(str(step)) if isinstance(step, UnmatchedTurn) else scripted_content(step)
