"""What a test gave for an answer, made into a source."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeGuard

from ...errors import SettingsError, UnknownNameError
from .._mock_reply import MockReply, ReplyOptions
from ._auto import Auto
from ._computed import Computed, reply_of
from ._fixed import Fixed

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._incoming import IncomingCall
    from ._protocol import Answerable, ReplySource


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
