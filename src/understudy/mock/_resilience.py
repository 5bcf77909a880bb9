"""The verdict on the client: does it bear what befalls it?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ._mocked_call import MockedCall

#: Seconds that a client may come early: clocks and dates are not exact.
_EARLY: Final = 0.05
#: Seconds that a client must wait where nobody told it how long.
_LEAST_WAIT: Final = 0.02
_FINAL: Final = frozenset({400, 401, 403, 404, 405, 410, 413, 415, 422})
_FIRST_ERROR_STATUS: Final = 400


@dataclass(frozen=True, slots=True)
class ClientMisbehaviour:
    """`rule` is a name to look up in the docs, `message` what was seen."""

    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}"


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


def is_refused(call: MockedCall) -> bool:
    """Tell whether the answer was an error response."""
    return call.status is not None and call.status >= _FIRST_ERROR_STATUS


def _goes_on(before: MockedCall, call: MockedCall) -> bool:
    return (is_refused(before) or before.is_spoilt) and _end(before) <= call.began_at


def _end(call: MockedCall) -> float:
    return call.began_at if call.ended_at is None else call.ended_at


def truncations(calls: Sequence[MockedCall], *, strict: bool) -> Iterator[ClientMisbehaviour]:
    """Yield truncated answers that a later call quotes; with `strict`, those not retried too.

    Only a quote proves it: a client that raised an error leaves no trace here.
    """
    for attempts in logical_calls(calls):
        last = attempts[-1]
        if "truncated" not in (last.fault or "").split("+"):
            continue
        later = (message for call in calls[calls.index(last) + 1 :] for message in call.messages)
        answers = (message.text for message in later if message.role == "assistant")
        if any(text and last.text.startswith(text) for text in answers):
            seen = "a later call quotes it"
        elif strict:
            seen = "nobody asked again"
        else:
            continue
        message = f"an answer of {last.provider} ({last.model}) broke off, and {seen}."
        yield ClientMisbehaviour("truncation_accepted", message)


def judge(
    calls: Sequence[MockedCall], *, strict: bool, max_attempts: int
) -> tuple[ClientMisbehaviour, ...]:
    """Return what the client does wrong, each thing once.

    With `strict` a truncated answer that nobody asked for again counts too.
    """
    findings = [
        finding
        for attempts in logical_calls(calls)
        for finding in (*_retries_judged(attempts), *_storm(attempts, max_attempts))
    ]
    findings += truncations(calls, strict=strict)
    findings += _without_timeout(calls)
    return tuple(dict.fromkeys(findings))


def _retries_judged(attempts: Sequence[MockedCall]) -> Iterator[ClientMisbehaviour]:
    for number, (failed, again) in enumerate(pairwise(attempts)):
        wait = again.began_at - _end(failed)
        if failed.status in _FINAL:
            yield ClientMisbehaviour(
                "final_error_retried",
                f"status {failed.status} will not change, yet {_named(failed)} was sent again.",
            )
        elif failed.retry_after is not None:
            if wait < failed.retry_after - _EARLY:
                yield ClientMisbehaviour(
                    "retry_after_ignored",
                    f"{_named(failed)} was told to wait {failed.retry_after:g} s, and came back"
                    f" after {wait:.3f} s.",
                )
        # A connection that broke may be tried again at once, the first time.
        elif wait < _LEAST_WAIT and (number or is_refused(failed)):
            yield ClientMisbehaviour(
                "no_backoff",
                f"{_named(failed)} was sent again {wait * 1000:.1f} ms after it failed"
                f" ({failed.fault or failed.status}); wait longer each time.",
            )


def _storm(attempts: Sequence[MockedCall], most: int) -> Iterator[ClientMisbehaviour]:
    if len(attempts) > most:
        yield ClientMisbehaviour(
            "retry_storm",
            f"{_named(attempts[0])} was tried {len(attempts)} times; {most} are enough.",
        )


def _without_timeout(calls: Sequence[MockedCall]) -> Iterator[ClientMisbehaviour]:
    for call in calls:
        if call.knows_timeout and call.read_timeout is None:
            yield ClientMisbehaviour(
                "no_timeout",
                f"the client of {_named(call)} would wait for ever; set a read time-out.",
            )


def _named(call: MockedCall) -> str:
    return f"the call to {call.provider} ({call.model})"
