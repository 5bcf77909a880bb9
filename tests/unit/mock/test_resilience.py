"""The verdict on the client."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.mock.stage import Stage, request

from understudy.playback import Broken


class Client:
    """A client that tries again as it is told to."""

    def __init__(self, stage: Stage, *, timeout: float | None = 10.0) -> None:
        self.stage = stage
        self.timeout = timeout

    def ask(self, *messages: Any, waits: tuple[float, ...] = (), **body: Any) -> None:
        """Send a request, and again after each of the waits."""
        asked = request(*messages, **body)
        for wait in (0.0, *waits):
            self.stage.clock.moment += wait
            player = self.stage.send(asked).player(self.timeout)
            try:
                for _ in player:
                    pass
            except Broken:
                pass


def rules(stage: Stage, **options: Any) -> list[str]:
    """Return the rules that the client broke."""
    return [finding.rule for finding in stage.mock.judge(**options)]


@pytest.fixture
def client(stage: Stage) -> Client:
    """A client with a time-out, of a model that answers."""
    stage.mock.reply("one\ntwo\n")
    return Client(stage)


def test_a_client_that_waits_is_resilient(client: Client) -> None:
    """As long as it was told to, and a while where nobody told it."""
    client.stage.mock.fail("rate_limit", times=1, retry_after=30).fail("overloaded", times=1)

    client.ask(waits=(30.0, 0.5))

    client.stage.mock.assert_resilient()
    client.stage.mock.assert_resilient(strict=True)


def test_ignoring_retry_after_is_held_against_a_client(client: Client) -> None:
    """The reason says what it was told and what it did."""
    client.stage.mock.fail("rate_limit", times=1, retry_after=30)

    client.ask(waits=(0.5,))

    with pytest.raises(AssertionError, match=r"retry_after_ignored: .*wait 30 s.*0\.500 s"):
        client.stage.mock.assert_resilient()


def test_clocks_need_not_agree_to_the_millisecond(client: Client) -> None:
    """Dates and the machine's time are not exact."""
    client.stage.mock.fail("rate_limit", times=1, retry_after=1)

    client.ask(waits=(0.97,))

    assert rules(client.stage) == []


def test_coming_back_at_once_is_held_against_a_client(client: Client) -> None:
    """A server in need is not helped by that."""
    client.stage.mock.fail("server_error", times=1)

    client.ask(waits=(0.001,))

    assert rules(client.stage) == ["no_backoff"]


@pytest.mark.parametrize(("waits", "found"), [((0.0,), []), ((0.0, 0.0), ["no_backoff"])])
def test_a_broken_connection_may_be_tried_again_once(
    client: Client, waits: tuple[float, ...], found: list[str]
) -> None:
    """Pooled connections go stale."""
    client.stage.mock.fail("reset", times=2)

    client.ask(waits=waits)

    assert rules(client.stage) == found


def test_trying_again_what_will_never_succeed_is_held_against_a_client(client: Client) -> None:
    """A 400 stays one."""
    client.stage.mock.fail("context_overflow")

    client.ask(waits=(5.0,))

    assert rules(client.stage) == ["final_error_retried"]


def test_trying_for_ever_is_held_against_a_client(client: Client) -> None:
    """How often is enough may be told."""
    client.stage.mock.fail("server_error")

    client.ask(waits=(1.0,) * 10)

    assert rules(client.stage) == ["retry_storm"]
    assert rules(client.stage, max_attempts=11) == []


def test_waiting_for_ever_is_held_against_a_client(client: Client) -> None:
    """A read time-out is a must."""
    client.timeout = None

    client.ask()

    assert rules(client.stage) == ["no_timeout"]


def test_a_client_whose_time_out_nobody_knows_is_not_judged_by_it(client: Client) -> None:
    """Nothing was played."""
    client.stage.ask()

    assert rules(client.stage) == []


def test_quoting_a_truncated_answer_is_held_against_a_client(client: Client) -> None:
    """It took it for whole."""
    client.stage.mock.fail("truncated", times=1)
    client.ask("a", stream=True)

    client.ask("a", {"role": "assistant", "content": "one\n"}, "b")

    assert rules(client.stage) == ["truncation_accepted"]


def test_a_truncated_answer_that_nobody_asked_for_again_counts_if_strict(client: Client) -> None:
    """A client that raised an error is not to be told from one that did not."""
    client.stage.mock.fail("truncated", times=1)

    client.ask(stream=True)

    assert rules(client.stage) == []
    assert rules(client.stage, strict=True) == ["truncation_accepted"]


def test_a_truncated_answer_that_was_asked_for_again_is_well_borne(client: Client) -> None:
    """Even when strict."""
    client.stage.mock.fail("truncated", times=1)

    client.ask(waits=(1.0,), stream=True)

    assert rules(client.stage, strict=True) == []


def test_the_same_request_after_a_success_is_another_call(client: Client) -> None:
    """No retry."""
    client.stage.mock.fail("rate_limit", times=1)
    client.ask(waits=(1.0, 0.0, 0.0))

    assert rules(client.stage, max_attempts=2) == []


def test_requests_at_the_same_time_are_several_calls(stage: Stage) -> None:
    """A retry begins after the attempt before has ended."""
    stage.mock.fail("server_error")
    first = stage.ask()
    stage.clock.moment += 0.001
    second = stage.ask()
    stage.clock.moment += 0.001
    for answered in (first, second):
        list(answered.player(1.0))

    assert rules(stage) == []


def test_an_attempt_whose_end_nobody_saw_ended_when_it_began(stage: Stage) -> None:
    """Its response was never closed."""
    stage.mock.fail("server_error")
    stage.ask()
    stage.clock.moment += 0.001
    stage.ask()

    assert rules(stage) == ["no_backoff"]


def test_there_must_be_something_to_judge(client: Client) -> None:
    """A verdict without a fault would be worth nothing."""
    client.ask()

    with pytest.raises(AssertionError, match="nothing to judge"):
        client.stage.mock.assert_resilient()


def test_the_same_thing_is_said_once(client: Client) -> None:
    """Not for each attempt."""
    client.timeout = None

    client.ask()
    client.ask()

    assert rules(client.stage) == ["no_timeout"]
