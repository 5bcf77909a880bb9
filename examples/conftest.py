from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from anthropic import Anthropic
from openai import OpenAI

from provider import running_provider

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def provider() -> Iterator[str]:
    with running_provider() as url:
        yield url


@pytest.fixture
def openai_client(provider: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{provider}/v1", api_key="example") as client:
        yield client


@pytest.fixture
def anthropic_client(provider: str) -> Iterator[Anthropic]:
    with Anthropic(base_url=provider, api_key="example") as client:
        yield client
