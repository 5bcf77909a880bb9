"""`--llm-mock` lets a test's own mocks answer what they have an answer for."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.suite import Suite

HEAD = """
import asyncio

import httpx
import pytest
import respx

URL = "https://api.openai.com/v1/chat/completions"
ASKED = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hello?"}]}
OWN = {
    "id": "own",
    "object": "chat.completion",
    "created": 1,
    "model": "gpt-4o-mini",
    "choices": [
        {"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}
    ],
    "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7},
}


def ask(library=httpx):
    return library.post(URL, json=ASKED).json()["id"]


async def aask(library=httpx):
    async with library.AsyncClient() as client:
        return (await client.post(URL, json=ASKED)).json()["id"]
"""
RESPX = """
def test_fixture(respx_mock, llm_calls):
    respx_mock.post(URL, json__model="gpt-4o-mini").respond(json=OWN)
    assert (ask(), asyncio.run(aask())) == ("own", "own")
    assert llm_calls.count == 2

@respx.mock
def test_decorator():
    respx.post(URL).mock(side_effect=[httpx.Response(200, json=OWN), httpx.ConnectError])
    assert ask() == "own"
    with pytest.raises(httpx.ConnectError):
        ask()

def test_around_the_client():
    with respx.mock(using="httpx") as router:
        router.post(URL).respond(json=OWN)
        assert ask() == "own"

def test_what_it_has_no_answer_for_is_mocked():
    with respx.mock(assert_all_called=False) as router:
        router.get("https://weather.test/").respond(text="rain")
        router.post(URL, json__model="other").respond(json=OWN)
        assert httpx.get("https://weather.test/").text == "rain"
        router.routes[1].pass_through()
        assert ask() != "own"

def test_a_mock_that_is_named_does_not_give_way(mock_llm, respx_mock):
    mock_llm.reply("Hi")
    respx_mock.post(URL).respond(json=OWN)
    assert ask() != "own"
    respx_mock.routes.clear()  # it fails of routes that were not called

def test_of_a_run_that_mocks_the_rest():
    assert ask() != "own"
"""


def test_what_respx_would_answer_it_answers(suite: Suite) -> None:
    """With the fixture, the decorator, below and around the client; the rest is mocked."""
    suite.write(HEAD + RESPX)

    suite.run("--llm-mock", "-p", "respx.plugin").assert_outcomes(passed=6)


@pytest.mark.skipif(not find_spec("pytest_httpx2"), reason="no extra")
def test_what_pytest_httpx2_would_answer_it_answers(suite: Suite) -> None:
    """Also to the SDKs that stand on httpx2."""
    suite.write(
        HEAD
        + """
import httpx2
import openai

def test_fixture(httpx2_mock, llm_calls):
    httpx2_mock.post(URL).respond(json=OWN)
    assert (ask(httpx2), asyncio.run(aask(httpx2))) == ("own", "own")
    assert openai.OpenAI().chat.completions.create(**ASKED).id == "own"
    assert llm_calls.count == 3

def test_the_other_library_is_not_its_business(httpx2_mock):
    httpx2_mock.post(URL).respond(json=OWN)
    assert ask() != "own"
    httpx2_mock.routes.clear()  # it fails of routes that were not called
"""
    )

    suite.run("--llm-mock", "-p", "pytest_httpx2").assert_outcomes(passed=2)


def test_whoever_replaces_a_transport_answers(suite: Suite) -> None:
    """With pytest's own means."""
    suite.write(
        HEAD
        + """
def test_it(monkeypatch):
    answer = lambda self, request: httpx.Response(200, json=OWN)
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", answer)
    assert ask() == "own"
"""
    )

    suite.run("--llm-mock").assert_outcomes(passed=1)


@pytest.mark.skipif(not find_spec("pytest_httpx"), reason="not installed")
def test_what_pytest_httpx_would_answer_it_answers(suite: Suite) -> None:
    """It fails a test whose responses nobody asked for."""
    suite.write(
        HEAD
        + """
def test_fixture(httpx_mock, llm_calls):
    httpx_mock.add_response(url=URL, json=OWN, is_reusable=True)
    assert (ask(), asyncio.run(aask())) == ("own", "own")
    assert llm_calls.count == 2

@pytest.mark.httpx_mock(should_mock=lambda request: request.url.host == "weather.test")
def test_what_it_does_not_mock_is_mocked(httpx_mock):
    httpx_mock.add_response(text="rain")
    assert httpx.get("https://weather.test/").text == "rain"
    assert ask() != "own"
"""
    )

    suite.run("--llm-mock", "-p", "pytest_httpx").assert_outcomes(passed=2)
