"""Replies that a function of the test makes."""

from __future__ import annotations

from inspect import isawaitable, iscoroutinefunction
from typing import TYPE_CHECKING, Any

from ...errors import SettingsError
from ...wire.writing import Failure
from .._errors import MockError
from .._mock_reply import MockReply
from ._fixed import Fixed
from ._protocol import Declined

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._incoming import IncomingCall
    from .._reply_content import ReplyContent


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
