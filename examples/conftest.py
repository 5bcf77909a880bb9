from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from anthropic import Anthropic
from openai import OpenAI

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy import MockLLM


@pytest.fixture
def openai_client(mock_llm: MockLLM) -> Iterator[OpenAI]:
    mock_llm.on(provider="openai").reply(json={"category": "billing", "urgent": True})
    with OpenAI() as client:
        yield client


@pytest.fixture
def anthropic_client(mock_llm: MockLLM) -> Iterator[Anthropic]:
    mock_llm.on(provider="anthropic").reply(
        "Hello,\nI am sorry that you were charged twice.\nIt is refunded.\n"
    )
    with Anthropic() as client:
        yield client
