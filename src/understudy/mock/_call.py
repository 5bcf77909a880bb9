"""A call that wants an answer, how its texts are shown, and what is raised where it gets none."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from ..calls import Operation, ToolResult
from ..scenarios import ObservedTurn

if TYPE_CHECKING:
    from ..calls import Message, Prompt, Request, ToolOffer
    from ..wire import Question, Recognised

_SHOWN: Final = 120


def cut(text: str) -> str:
    """Return `text` in quotes, its middle left out where it is long."""
    if len(text) <= _SHOWN:
        return repr(text)
    half = _SHOWN // 2
    return f"{text[:half]!r} … {text[-half:]!r}"


class IncomingCall:
    """One call to a model, in no provider's words.

    `model` is empty where the request names none. `seed` is the call's own, `number` counts the
    calls of the test from 1, `received_at` is in seconds since 1970, as the code under test is
    told them. `url` and `body` are the request's, the body as it was sent; `question` holds what
    the provider was to remember, too.
    """

    def __init__(
        self,
        request: Request,
        recognised: Recognised,
        question: Question,
        *,
        seed: str = "",
        number: int = 1,
        received_at: float = 0.0,
    ) -> None:
        self.url = request.url
        self.body = request.body
        self.recognised = recognised
        self.question = question
        self.model = question.model or ""
        self.provider = recognised.provider
        self.wire_api = recognised.api.wire_api
        self.stream = question.stream
        self.seed = seed
        self.number = number
        self.received_at = received_at

    @cached_property
    def operation(self) -> Operation | None:
        """What is asked for."""
        api = self.recognised.api
        asked = api.asked(self.recognised.target, self.question.body)
        return asked.operation or api.operation

    @property
    def wants_vectors(self) -> bool:
        """Whether embeddings are asked for."""
        if self.recognised.api.operation is Operation.EMBEDDINGS:
            return True
        return "embed" in self.model and self.operation is Operation.EMBEDDINGS

    @cached_property
    def prompt(self) -> Prompt:
        """What the request says to the model."""
        return self.recognised.prompt(self.question)

    @property
    def messages(self) -> tuple[Message, ...]:
        """The conversation."""
        return self.prompt.messages

    @property
    def tools(self) -> tuple[ToolOffer, ...]:
        """The tools that the request offers."""
        return self.prompt.tools

    @cached_property
    def user_text(self) -> str:
        """What the user said last."""
        return self.prompt.user_text

    @property
    def system_text(self) -> str:
        """All system messages, joined."""
        return self.prompt.system_text

    @cached_property
    def turn(self) -> int:
        """Which answer this asks for, from 1; messages of the model after each other are one."""
        return self.prompt.turn

    @cached_property
    def tool_results(self) -> tuple[ToolResult, ...]:
        """The results that came after the model spoke last, with the names of their tools."""
        results = self.prompt.tool_results
        if not results:
            return ()
        names = {call.id: call.name for each in self.messages for call in each.tool_calls}
        return tuple(
            replace(result, name=result.name or names.get(result.call_id)) for result in results
        )

    def observed(self) -> ObservedTurn:
        """Return what a scenario may look at."""
        results = self.tool_results
        return ObservedTurn(
            model=self.model,
            user_text="" if results else self.user_text,
            tool_results=tuple(ToolResult(each.text, name=each.name or "") for each in results),
            turn=self.turn - 1,
            system_text=self.system_text,
        )


class MockError(BaseException):
    """A call cannot be answered the way the test says.

    No `Exception`: SDKs catch those of a transport, try again, and report a failed connection.
    """

    slug = "mock"


class UnmatchedCall(MockError):  # noqa: N818 - what happened, in pytest's words
    """No rule answers the call; says which one comes nearest and what to add."""

    slug = "unmatched-call"

    def __init__(self, message: str, call: IncomingCall) -> None:
        super().__init__(message)
        self.call = call

    def __reduce__(self) -> tuple[Any, ...]:
        return MockError, (str(self),)  # from a worker process, what it says is enough
