"""What a rule answers with: one reply, several, a scenario, or what a function makes."""

from __future__ import annotations

from dataclasses import replace
from inspect import isawaitable, iscoroutinefunction
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from ...errors import SettingsError, UnknownNameError
from ...scenarios import Conversation, Position, UnmatchedTurn
from ...wire.writing import Failure, TextLine, ToolLine
from .._call import MockError
from .._demands import forced_tool
from .._mock_reply import MockReply, ReplyOptions
from .._reply_content import ReplyContent, content_of, scripted_content
from ._auto import Auto

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ...calls import Message
    from ...scenarios import Scenario
    from .._call import IncomingCall

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
            lines = self.content.lines
            others = (line for line in lines if not isinstance(line, TextLine))
            text = "".join(line.text for line in lines if isinstance(line, TextLine))
            return replace(self.content, lines=(*others, ToolLine(tool, (text,))))
        return self.content


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


class EveryScript:
    """Any number of conversations with a scenario: how far one is, its own messages tell.

    The newest `most` answers are known; a conversation that was left alone for longer begins anew.
    """

    gives_vectors = False
    runs_out = True

    def __init__(self, scenario: Scenario, *, most: int = 10_000) -> None:
        self._scenario = scenario
        self._most = most
        self._reached: dict[int, Position] = {}
        self._lock = Lock()

    def reply_to(self, call: IncomingCall, *, keep: bool) -> ReplyContent | Declined:
        """Give the scenario's answer to what was said so far."""
        said = hash(call.messages)
        conversation = Conversation(self._scenario)
        with self._lock:
            again = self._reached.get(said)
            before = self._reached.get(hash(_answered_in(call.messages)))
        conversation.position = again if again and again.failing else before or Position()
        step = conversation.advance(call.observed())
        if isinstance(step, UnmatchedTurn):
            return Declined(str(step))
        if not keep:
            self._note(said, conversation.position)
        return scripted_content(step)

    def _note(self, said: int, position: Position) -> None:
        with self._lock:
            self._reached.pop(said, None)
            self._reached[said] = position
            if len(self._reached) > self._most:
                self._reached.pop(next(iter(self._reached)))


def _answered_in(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Return the messages that the model answered last, with all before them."""
    roles = [each.role == "assistant" for each in messages]
    end = len(roles) - roles[::-1].index(True) if True in roles else 0
    while end and roles[end - 1]:
        end -= 1
    return messages[:end]


class Computed:
    """Asks a function, with the call as its argument, for each reply."""

    runs_out = True
    gives_vectors = False

    def __init__(self, function: Callable[[IncomingCall], Any]) -> None:
        self._function = function
        self._name = getattr(function, "__qualname__", repr(function))
        if iscoroutinefunction(function):
            msg = f"{self._name} is async; the function of a reply must not be."
            raise SettingsError(msg)

    def reply_to(self, call: IncomingCall, *, keep: bool) -> ReplyContent | Failure | Declined:  # noqa: ARG002
        """Ask the function.

        Raises:
            MockError: it raised, or returned nothing that can be said.
        """
        try:
            answer = self._function(call)
            if answer is None:
                return Declined(f"{self._name} returned None")
            return answer_content(answer, call)
        except Exception as error:
            msg = f"{self._name}, which makes the reply, raised {type(error).__name__}: {error}"
            raise MockError(msg) from error


def answer_content(answer: Any, call: IncomingCall) -> ReplyContent | Failure:
    """Return what an answer says to this call; a `Failure` is one already.

    Raises:
        SettingsError: it is nothing that can be said.
    """
    if isinstance(answer, Failure):
        return answer
    return Fixed(reply_of(answer)).reply_to(call, keep=False)


def reply_of(answer: Any) -> MockReply:
    """Return the reply that a text, a model or plain data stands for.

    Raises:
        SettingsError: it is something else.
    """
    if isinstance(answer, MockReply):
        return answer
    if isinstance(answer, str):
        return MockReply(text=answer)
    if isawaitable(answer):
        if callable(close := getattr(answer, "close", None)):
            close()
        msg = "it is awaitable; replies must be made without awaiting."
        raise SettingsError(msg)
    return MockReply(json=answer)


def source_of(answer: Answerable, options: ReplyOptions) -> ReplySource:
    """Return the source of an answer and of what a test says of it beside.

    Raises:
        SettingsError: the answer has no form that is known, or contradicts the options.
    """
    if options:
        UnknownNameError.check("option", options, ReplyOptions.__annotations__, where="reply()")
    if answer is None and not options:
        return Auto(calls_tools=False)
    if isinstance(answer, type):
        msg = f"reply({answer.__name__}): give an instance of the class, or a function."
        raise SettingsError(msg)
    if callable(answer) and not hasattr(answer, "model_dump_json"):
        if options:
            names = ", ".join(options)
            msg = f"reply(function, {names}=…): let the function return MockReply({names}=…)."
            raise SettingsError(msg)
        return Computed(answer)
    if answer is None:
        return Fixed(MockReply(**options))
    if options.get("json") is not None:
        msg = "a reply is given twice, by itself and as json=; leave one of them out."
        raise SettingsError(msg)
    return Fixed(replace(reply_of(answer), **options))
