"""The verdict on the clients that come with the SDKs, and on one that does not listen."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from tests.support.clients import ANTHROPIC, OPENAI
from tests.support.sdks import QUESTION, MockedClients

openai = pytest.importorskip("openai")
anthropic = pytest.importorskip("anthropic")


def ask_openai(mocked: MockedClients, **options: Any) -> None:
    """Ask through openai."""
    with openai.OpenAI(api_key="x", http_client=mocked.client(OPENAI), **options) as client:
        client.chat.completions.create(model="gpt-5", messages=QUESTION)


def ask_anthropic(mocked: MockedClients, **options: Any) -> None:
    """Ask through anthropic."""
    http = mocked.client(ANTHROPIC)
    with anthropic.Anthropic(api_key="x", http_client=http, **options) as client:
        client.messages.create(model="claude-5", max_tokens=9, messages=QUESTION)


both = pytest.mark.parametrize("ask", [ask_openai, ask_anthropic])


@both
@pytest.mark.parametrize("form", [None, "s", "ms", "date"])
def test_the_sdks_wait_as_long_as_they_are_told(
    virtual: MockedClients, ask: Any, form: Any
) -> None:
    """Half a minute costs nothing on the virtual clock."""
    virtual.mock.reply("ok").fail("rate_limit", times=2, retry_after=30, retry_after_in=form)

    ask(virtual)

    starts = [call.began_at for call in virtual.mock.calls]
    assert [after - before for before, after in pairwise(starts)] == pytest.approx([30, 30], abs=1)
    virtual.mock.assert_resilient()


@both
def test_the_sdks_bear_a_bad_day(virtual: MockedClients, ask: Any) -> None:
    """One fault after the other, and an answer in the end."""
    for fault in ("overloaded", "reset", "read_timeout", "unavailable", "server_error"):
        virtual.mock.fail(fault, times=1)
    virtual.mock.reply("ok")

    ask(virtual, max_retries=5)

    assert len(virtual.mock.calls) == 6
    virtual.mock.assert_resilient(strict=True)


@both
def test_a_client_that_does_not_listen_is_caught(virtual: MockedClients, ask: Any) -> None:
    """An application that tries again by itself, at once, and without a time-out."""
    virtual.mock.reply("ok").fail("rate_limit", times=3, retry_after=30)

    for _ in range(4):
        try:
            ask(virtual, max_retries=0, timeout=None)
        except (openai.RateLimitError, anthropic.RateLimitError):
            continue

    with pytest.raises(AssertionError) as caught:
        virtual.mock.assert_resilient()

    assert "retry_after_ignored" in str(caught.value)
    assert "no_timeout" in str(caught.value)
