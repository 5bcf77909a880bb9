"""What a test gave for an answer, made into a source: a reply, or a function that makes replies."""

from __future__ import annotations

from dataclasses import replace
from inspect import isawaitable, iscoroutinefunction
from typing import TYPE_CHECKING, Any, TypeGuard

from ...errors import SettingsError, UnknownNameError
from ...wire.writing import Failure
from .._call import MockError
from .._mock_reply import MockReply, ReplyOptions
from ._auto import Auto
from ._source import Declined, Fixed

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._call import IncomingCall
    from .._reply_content import ReplyContent
    from ._source import Answerable, ReplySource


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
    for name in options:
        if name not in ReplyOptions.__annotations__:
            error = UnknownNameError("option", name, ReplyOptions.__annotations__, where="reply()")
            raise error
    if answer is None and not options:
        return Auto(calls_tools=False)
    if is_function(answer):
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


def is_function(answer: Any) -> TypeGuard[Callable[[IncomingCall], Any]]:
    """Tell whether the answer is to be computed."""
    if isinstance(answer, type):
        msg = f"reply({answer.__name__}): give an instance of the class, or a function."
        raise SettingsError(msg)
    return callable(answer) and not hasattr(answer, "model_dump_json")
