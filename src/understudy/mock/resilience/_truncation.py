"""Finds answers that broke off and were taken for whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._attempts import logical_calls
from ._misbehaviour import ClientMisbehaviour

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .._mocked_call import MockedCall

_FAULT = "truncated"


def truncations(calls: Sequence[MockedCall], *, strict: bool) -> Iterator[ClientMisbehaviour]:
    """Yield truncated answers that a later call quotes; with `strict`, those not retried too.

    Only a quote proves it: a client that raised an error leaves no trace here.
    """
    for attempts in logical_calls(calls):
        last = attempts[-1]
        if _FAULT not in (last.fault or "").split("+"):
            continue
        if any(_quotes(call, last) for call in calls[calls.index(last) + 1 :]):
            seen = "a later call quotes it"
        elif strict:
            seen = "nobody asked again"
        else:
            continue
        message = f"an answer of {last.provider} ({last.model}) broke off, and {seen}."
        yield ClientMisbehaviour("truncation_accepted", message)


def _quotes(call: MockedCall, truncated: MockedCall) -> bool:
    whole = truncated.text
    return any(
        message.role == "assistant" and message.text and whole.startswith(message.text)
        for message in call.messages
    )
