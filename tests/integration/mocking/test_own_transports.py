"""A test's own transport classes: `--llm-mock` lets them answer, unless they send on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.suite import Suite

TRANSPORTS = """
import asyncio
from unittest.mock import MagicMock

import httpx
import pytest

URL = "https://api.openai.com/v1/chat/completions"
ASKED = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hello?"}]}


def ask(client):
    return client.post(URL, json=ASKED).json()["id"]



def answer(request):
    return httpx.Response(200, json={"id": "own"})


class Fake(httpx.BaseTransport, httpx.AsyncBaseTransport):
    handle_request = staticmethod(answer)

    async def handle_async_request(self, request):
        return answer(request)


class Derived(httpx.HTTPTransport):
    def handle_request(self, request):
        return answer(request)


class Retrying(httpx.BaseTransport):
    def __init__(self, inner):
        self.inner = inner

    def handle_request(self, request):
        return self.attempt(request)

    def attempt(self, request):
        return self.inner.handle_request(request)


class Noting(httpx.HTTPTransport):
    def handle_request(self, request):
        return super().handle_request(request)


MAGIC = MagicMock(spec=httpx.BaseTransport)
MAGIC.handle_request = answer


@pytest.mark.parametrize("kind", [
    Fake, Derived, lambda: MAGIC, lambda: Retrying(Fake()),
    lambda: Retrying(httpx.MockTransport(answer)),
])
def test_fake(kind, llm_calls):
    with httpx.Client(transport=kind()) as client:
        assert ask(client) == "own"
    assert llm_calls.count == 1

@pytest.mark.parametrize("kind", [Noting, lambda: Retrying(httpx.HTTPTransport())])
def test_around_a_real_one(kind):
    with httpx.Client(transport=kind()) as client:
        assert ask(client) != "own"

def test_awaited():
    async def go():
        async with httpx.AsyncClient(transport=Fake()) as client:
            return (await client.post(URL, json=ASKED)).json()["id"]

    assert asyncio.run(go()) == "own"

def test_patched_one(monkeypatch):
    with httpx.Client() as client:
        monkeypatch.setattr(client._transport, "handle_request", answer)
        assert ask(client) == "own"
"""


def test_what_a_transport_of_a_tests_own_answers_it_answers(suite: Suite) -> None:
    """Unless it sends on what it is given: what it leads to is mocked."""
    suite.write(TRANSPORTS)

    suite.run("--llm-mock").assert_outcomes(passed=9)
