from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support_bot import draft_reply, expected_tokens, triage

if TYPE_CHECKING:
    from anthropic import Anthropic
    from openai import OpenAI

    from understudy import CallLog, MockLLM

TICKET = "I was charged twice for my subscription, please help."


def test_a_ticket_is_sorted(openai_client: OpenAI) -> None:
    assert triage(openai_client, TICKET).category == "billing"


def test_a_busy_provider_is_asked_again(openai_client: OpenAI, mock_llm: MockLLM) -> None:
    mock_llm.fail("rate_limit", times=1, retry_after=2)

    assert triage(openai_client, TICKET).urgent
    mock_llm.assert_resilient()


@pytest.mark.llm_budget(calls=1, usd=0.01)
@pytest.mark.llm_estimate(
    output_tokens=expected_tokens(TICKET), category="support", complexity="low"
)
def test_a_reply_streams_and_stays_in_its_budget(
    anthropic_client: Anthropic, llm_calls: CallLog
) -> None:
    lines = list(draft_reply(anthropic_client, TICKET))

    assert lines[-1] == "It is refunded.\n"
    assert llm_calls.last.text == "".join(lines)


def test_a_ticket_goes_all_the_way(openai_client: OpenAI, anthropic_client: Anthropic) -> None:
    if triage(openai_client, TICKET).urgent:
        assert "".join(draft_reply(anthropic_client, TICKET)).startswith("Hello")
