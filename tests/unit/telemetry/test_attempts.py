"""Which attempts belong to one logical call."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from tests.unit.telemetry.samples import CHAT, request

from understudy.telemetry import Owner
from understudy.telemetry._attempts import AttemptTrail

if TYPE_CHECKING:
    from understudy.calls import Request

OWNER = Owner("a")


def follow_two(
    first: Request,
    second: Request,
    *,
    failed: bool = True,
    retryable: bool = True,
    owner: Owner = OWNER,
) -> list[tuple[str, int]]:
    """Follow two attempts; return the call and the number of each."""
    retries = AttemptTrail()
    before, _ = retries.follow(first, OWNER, "one")
    before.failed, before.retryable = failed, retryable
    after, _ = retries.follow(second, owner, "two")
    return [(attempt.call_id, attempt.number) for attempt in (before, after)]


ONE_CALL = [("one", 1), ("one", 2)]
TWO_CALLS = [("one", 1), ("two", 1)]


def test_the_same_words_after_a_failure_are_a_retry() -> None:
    """For clients that say nothing about it."""
    assert follow_two(request(), request()) == ONE_CALL


@pytest.mark.parametrize(
    ("second", "options"),
    [
        (request(), {"failed": False}),
        (request(), {"retryable": False}),
        (request(n=2), {}),
        (request(f"{CHAT}?x=1"), {}),
        (request(), {"owner": Owner("a")}),
    ],
    ids=["after success", "after a refusal", "other words", "other address", "other owner"],
)
def test_otherwise_it_is_another_call(second: Request, options: dict[str, object]) -> None:
    """Each of the conditions is needed."""
    assert follow_two(request(), second, **options) == TWO_CALLS  # type: ignore[arg-type]


@pytest.mark.parametrize(("count", "calls"), [("0", TWO_CALLS), ("1", ONE_CALL)])
def test_the_sdks_own_count_decides(count: str, calls: list[tuple[str, int]]) -> None:
    """Whether the body is the same or not."""
    second = request(headers={"x-stainless-retry-count": count}, n=2)

    assert follow_two(request(), second, retryable=False) == calls


@pytest.mark.parametrize(("invocation", "calls"), [("x", ONE_CALL), ("y", TWO_CALLS)])
def test_the_invocation_of_botocore_decides(invocation: str, calls: list[tuple[str, int]]) -> None:
    """The same one is the same call."""
    first = request(headers={"amz-sdk-invocation-id": "x"})
    second = request(headers={"amz-sdk-invocation-id": invocation})

    assert follow_two(first, second, retryable=False) == calls


def test_attempts_are_numbered_on() -> None:
    """A third one continues the second."""
    retries = AttemptTrail()
    numbers = []

    for event_id in ("one", "two", "three"):
        attempt, _ = retries.follow(request(), OWNER, event_id)
        attempt.failed = attempt.retryable = True
        numbers.append((attempt.call_id, attempt.number))

    assert numbers == [("one", 1), ("one", 2), ("one", 3)]


def test_each_thread_has_its_own_trail() -> None:
    """What another thread did last is no part of it."""
    retries = AttemptTrail()
    first, _ = retries.follow(request(), OWNER, "one")
    first.failed = first.retryable = True
    found = []

    thread = threading.Thread(target=lambda: found.append(retries.follow(request(), OWNER, "two")))
    thread.start()
    thread.join()

    assert [(attempt.call_id, attempt.number) for attempt, _ in found] == [("two", 1)]
