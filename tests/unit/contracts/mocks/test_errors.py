"""Mock providers that fail as they are told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from understudy.contracts import MockProviderError, MockProviderWithErrors
from understudy.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.clock import VirtualClock

BODY: dict[str, Any] = {"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}


def refused(provider: MockProviderWithErrors) -> MockProviderError:
    with pytest.raises(MockProviderError) as caught:
        provider.complete(BODY)
    return caught.value


def test_it_fails_its_first_calls() -> None:
    """As often as it was told, then no more; each is counted."""
    provider = MockProviderWithErrors("openai", failures=2, status=503)

    assert [refused(provider).status, refused(provider).status] == [503, 503]
    assert provider.complete(BODY)
    assert provider.count == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422, 429, 500, 503, 529])
def test_each_status_has_the_body_of_its_api(status: int) -> None:
    """As OpenAI writes it, streamed or not."""
    provider = MockProviderWithErrors("openai", failures=2, status=status)

    whole = refused(provider)
    with pytest.raises(MockProviderError) as streamed:
        next(iter(provider.stream(BODY)))

    assert whole.status == streamed.value.status == status
    assert json.loads(whole.body)["error"]["message"]


def test_what_is_no_status_of_an_error_is_refused() -> None:
    """Where it is told."""
    with pytest.raises(SettingsError, match="to fail with status 200"):
        MockProviderWithErrors("openai").fail(status=200)


@pytest.mark.parametrize(
    ("form", "header", "told"),
    [("s", "retry-after", "7"), ("ms", "retry-after-ms", "7000"), ("date", "retry-after", "GMT")],
)
def test_a_wait_is_told_in_three_forms(form: Any, header: str, told: str) -> None:
    """As providers do."""
    provider = MockProviderWithErrors("openai")
    provider.fail(1, status=429, retry_after=7, retry_after_in=form)

    assert refused(provider).headers[header].endswith(told)


@pytest.mark.parametrize(
    ("befall", "error", "seconds"),
    [
        (MockProviderWithErrors.go_away, ConnectionRefusedError, 0),
        (MockProviderWithErrors.cut, ConnectionAbortedError, 0),
        (MockProviderWithErrors.garble, ValueError, 0),
        (MockProviderWithErrors.stall, TimeoutError, 5),
        (MockProviderWithErrors.time_out, TimeoutError, 5),
    ],
)
def test_a_broken_answer_is_an_error(
    stopped: VirtualClock,
    befall: Callable[[MockProviderWithErrors, int], None],
    error: type[Exception],
    seconds: float,
) -> None:
    """After the caller's time-out, where it is a silence; streamed or not."""
    provider = MockProviderWithErrors("openai", clock=stopped)
    befall(provider, 2)

    with stopped.running():
        began = stopped.now()
        with pytest.raises(error):
            provider.complete(BODY, timeout=5)
        with pytest.raises(error):
            list(provider.stream(BODY, timeout=5))
        assert stopped.now() - began == pytest.approx(2 * seconds)


def test_a_stream_may_end_as_if_it_were_whole() -> None:
    """Only the finish reason is missing."""
    provider = MockProviderWithErrors("openai")
    provider.end_early(1)

    events = list(provider.stream(BODY))

    assert [event["choices"][0]["finish_reason"] for event in events] == [None, None]


@pytest.mark.parametrize("lines", [0, 2])
def test_an_error_event_may_come_at_any_place(lines: int) -> None:
    """Though the status was 200."""
    provider = MockProviderWithErrors("openai")
    provider.break_off(1, after_lines=lines)

    *events, last = provider.stream(BODY)

    assert last["error"]
    contents = [event["choices"][0]["delta"].get("content") for event in events]
    assert len([text for text in contents if text]) == lines


def test_it_recovers() -> None:
    """From what has no end of its own."""
    provider = MockProviderWithErrors("openai")
    provider.fail()
    assert [refused(provider).status for _ in range(3)] == [500] * 3

    provider.recover()

    assert provider.complete(BODY)
