"""Which attempts belong to one call of the application."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .._mocked_call import MockedCall

_FIRST_ERROR_STATUS: Final = 400


class Retry(NamedTuple):
    """A failed attempt, the next one, and the seconds between them; `number` counts from 1."""

    failed: MockedCall
    again: MockedCall
    wait: float
    number: int


def logical_calls(calls: Sequence[MockedCall]) -> list[list[MockedCall]]:
    """Put attempts together: the same request again, after the one before had failed."""
    found: list[list[MockedCall]] = []
    open_ones: dict[tuple[str, bytes], list[MockedCall]] = {}
    for call in sorted(calls, key=lambda one: one.began_at):
        request = (call.call.url, call.call.body)
        attempts = open_ones.get(request)
        if attempts is None or not _goes_on(attempts[-1], call):
            attempts = open_ones[request] = []
            found.append(attempts)
        attempts.append(call)
    return found


def retries(attempts: Sequence[MockedCall]) -> Iterator[Retry]:
    """Yield the retries of one call."""
    for number, (failed, again) in enumerate(pairwise(attempts), start=1):
        yield Retry(failed, again, again.began_at - _end(failed), number)


def is_refused(call: MockedCall) -> bool:
    """Tell whether the answer was an error response."""
    return call.status is not None and call.status >= _FIRST_ERROR_STATUS


def _goes_on(before: MockedCall, call: MockedCall) -> bool:
    return (is_refused(before) or before.is_spoilt) and _end(before) <= call.began_at


def _end(call: MockedCall) -> float:
    return call.began_at if call.ended_at is None else call.ended_at
