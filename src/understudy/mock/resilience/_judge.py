"""Judges a client by the attempts it made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ._attempts import is_refused, logical_calls, retries
from ._misbehaviour import ClientMisbehaviour
from ._truncation import truncations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .._mocked_call import MockedCall
    from ._attempts import Retry

#: Seconds that a client may come early: clocks and dates are not exact.
_EARLY: Final = 0.05
#: Seconds that a client must wait where nobody told it how long.
_LEAST_WAIT: Final = 0.02
_FINAL: Final = frozenset({400, 401, 403, 404, 405, 410, 413, 415, 422})


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
    for retry in retries(attempts):
        failed = retry.failed
        if failed.status in _FINAL:
            yield ClientMisbehaviour(
                "final_error_retried",
                f"status {failed.status} will not change, yet {_named(failed)} was sent again.",
            )
        elif failed.retry_after is not None:
            if retry.wait < failed.retry_after - _EARLY:
                yield ClientMisbehaviour(
                    "retry_after_ignored",
                    f"{_named(failed)} was told to wait {failed.retry_after:g} s, and came back"
                    f" after {retry.wait:.3f} s.",
                )
        elif _is_hasty(retry):
            yield ClientMisbehaviour(
                "no_backoff",
                f"{_named(failed)} was sent again {retry.wait * 1000:.1f} ms after it failed"
                f" ({failed.fault or failed.status}); wait longer each time.",
            )


def _is_hasty(retry: Retry) -> bool:
    """A connection that broke may be tried again at once, the first time."""
    is_forgiven = retry.number == 1 and not is_refused(retry.failed)
    return retry.wait < _LEAST_WAIT and not is_forgiven


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
