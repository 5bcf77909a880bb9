from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support_bot import draft_reply, triage

if TYPE_CHECKING:
    from anthropic import Anthropic
    from openai import OpenAI

    from understudy import CallLog

TICKET = "I was charged twice for my subscription, please help."


def test_a_ticket_is_sorted(openai_client: OpenAI) -> None:
    assert triage(openai_client, TICKET).category == "billing"


def test_an_urgent_ticket_is_marked(openai_client: OpenAI) -> None:
    assert triage(openai_client, TICKET).urgent


@pytest.mark.llm_budget(calls=1, usd=0.01, ttfc_ms=2000)
def test_a_reply_streams_and_stays_in_its_budget(
    anthropic_client: Anthropic, llm_calls: CallLog
) -> None:
    reply = "".join(draft_reply(anthropic_client, TICKET))

    assert "refunded" in reply
    assert llm_calls.last.text == reply
    assert llm_calls.last.event.output_tokens == 19


def test_a_ticket_goes_all_the_way(openai_client: OpenAI, anthropic_client: Anthropic) -> None:
    if triage(openai_client, TICKET).urgent:
        assert "".join(draft_reply(anthropic_client, TICKET)).startswith("Hello")
