"""The fixture llm_api, through real SDKs and bare clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.suite import Suite

SUITE = """
import asyncio

import httpx
import httpx2
import openai
import pytest
import requests

URL = "https://api.openai.com/v1/chat/completions"
MESSAGES = [{"role": "user", "content": "Hello"}]
ASKED = {"model": "gpt-5", "messages": MESSAGES}
CHAT = {
    "id": "x", "object": "chat.completion", "created": 1, "model": "m",
    "choices": [{"index": 0, "finish_reason": "stop",
                 "message": {"role": "assistant", "content": "of my own"}}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3},
}


def by_openai():
    with openai.OpenAI(api_key="x") as client:
        return client.chat.completions.create(**ASKED).choices[0].message.content
"""


def _run(suite: Suite, tests: str, *options: str) -> pytest.RunResult:
    suite.write(SUITE + tests)
    return suite.run(*options, telemetry=False)


def test_a_named_provider_is_answered(suite: Suite) -> None:
    """As the route was told, or plainly; the route shows its calls as respx does."""
    tests = """
def test_told(llm_api):
    route = llm_api.openai.reply("Bonjour")

    assert by_openai() == "Bonjour"
    assert route is llm_api.openai
    assert (route.called, route.call_count, llm_api.calls.call_count) == (True, 1, 1)
    assert route.calls.last.request.url == URL
    assert route.calls.last.response.json()["choices"][0]["message"]["content"] == "Bonjour"

def test_plain(llm_api):
    llm_api.openai

    assert by_openai()
    llm_api.assert_all_called()

def test_uncalled(llm_api):
    llm_api.openai, llm_api.anthropic
    by_openai()

    with pytest.raises(AssertionError, match="not called"):
        llm_api.assert_all_called()

def test_sequence_then_nothing(llm_api):
    llm_api.openai.reply("once", times=1)

    assert by_openai() == "once"
    with pytest.raises(BaseException, match="once"):
        by_openai()

def test_methods(llm_api):
    llm_api.openai.replies(["a", "b"])
    assert [by_openai(), by_openai()] == ["a", "b"]
    llm_api.anthropic.script("translation")
    llm_api.cohere.auto_tools()
    llm_api.mistral, llm_api.bedrock, llm_api.gemini, llm_api.provider("groq")
    assert len(llm_api.routes) == 7

@pytest.mark.parametrize("post", [httpx.post, httpx2.post, requests.post])
def test_clients(llm_api, post):
    llm_api.openai
    assert post(URL, json=ASKED).json()["choices"]

def test_ollama_of_this_machine(llm_api):
    llm_api.ollama.reply("Hi")
    answer = httpx2.post("http://localhost:11434/api/chat", json=dict(ASKED, stream=False))
    assert answer.json()["message"]["content"] == "Hi"
"""

    result = _run(suite, tests, "-rf")

    assert result.parseoutcomes() == {"passed": 8, "failed": 1}  # what the mock could not answer
    result.stdout.fnmatch_lines(["FAILED test_it.py::test_sequence_then_nothing*"])


def test_routes_of_respx_work_for_both_libraries(suite: Suite) -> None:
    """Patterns, side effects that block or await, errors of the client's own library."""
    tests = """
def test_respond(llm_api):
    route = llm_api.post(URL, json__model="gpt-5").respond(json=CHAT)

    assert by_openai() == "of my own"
    assert httpx.post(URL, json=ASKED).json() == httpx2.post(URL, json=ASKED).json() == CHAT
    assert route.call_count == 3

@pytest.mark.parametrize("library", [httpx, httpx2])
def test_error(llm_api, library):
    llm_api.get("https://example.com/").mock(side_effect=httpx.ReadTimeout)

    with pytest.raises(library.ReadTimeout):
        library.get("https://example.com/")

@pytest.mark.parametrize("library", [httpx, httpx2])
def test_async(llm_api, library):
    async def effect(request):
        return httpx.Response(201, text=request.url.host)

    async def get(url):
        async with library.AsyncClient() as client:
            return await client.get(url)

    llm_api.get(host="example.com").mock(side_effect=effect)
    llm_api.get(host="broken.test").mock(side_effect=httpx.ConnectError("no route to host"))

    assert asyncio.run(get("https://example.com/")).text == "example.com"
    with pytest.raises(library.ConnectError, match="no route to host"):
        asyncio.run(get("https://broken.test/"))

def test_a_provider_route_of_respx(llm_api):
    llm_api.openai.respond(json=CHAT)
    assert by_openai() == "of my own"

def test_first_route_wins(llm_api):
    llm_api.post(URL, json__model="gpt-5").respond(json=CHAT)
    llm_api.openai.reply("of the understudy")

    assert by_openai() == "of my own"
    assert httpx2.post(URL, json=dict(ASKED, model="o5")).json()["model"] == "o5"

def test_beside_mock_llm(llm_api, mock_llm):
    mock_llm.reply("of the mock")
    llm_api.post(URL).respond(json=CHAT)

    assert by_openai() == "of my own"
    url = "https://api.openai.com/v1/responses"
    answer = httpx2.post(url, json={"model": "m", "input": "?"})
    assert answer.json()["output"]

def test_beside_a_router_of_respx(llm_api):
    import respx
    with respx.mock(using="httpcore2") as router:
        router.get("https://example.com/").respond(202)
        assert httpx2.get("https://example.com/").status_code == 202
        with pytest.raises(AssertionError, match="not mocked"):
            httpx2.get("https://example.org/")

def test_loopback_goes_through(llm_api):
    from ask import URL
    assert httpx2.post(URL, json=ASKED).status_code == 200
"""

    _run(suite, tests).assert_outcomes(passed=10)


@pytest.mark.parametrize("library", ["httpx", "httpx2", "requests"])
def test_a_call_that_no_route_takes_fails_the_test(suite: Suite, library: str) -> None:
    """It reaches neither a route nor the provider, even where the application hides it."""
    tests = f"""
def test_it(llm_api):
    llm_api.anthropic
    try:
        {library}.post(URL, json=ASKED)
    except BaseException:
        pass
"""

    result = _run(suite, tests)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"POST {'https://api.openai.com'}*was refused by*", "*llm_api*"])


def test_profile_faults_and_clock_hold_for_routes(suite: Suite) -> None:
    """In simulated time, with the verdict on the client."""
    tests = """
@pytest.mark.llm_faults("rate_limit")
def test_it(llm_api, llm_clock):
    llm_api.openai.reply("\\n".join("abcdefghij"))
    llm_api.openai.fail("unavailable", times=1, retry_after=30)
    began = llm_clock.now()

    by_openai()

    assert llm_clock.now() - began == pytest.approx(1 + 30 + 1.5 + 9 * 0.15)
    assert [call.fault for call in llm_api.mock_llm.calls] == ["rate_limit", "unavailable", None]
    llm_api.mock_llm.assert_resilient()
"""

    options = ("--llm-clock=virtual", "--llm-profile=realistic_l3")
    known = "-Wignore:Module already imported:pytest.PytestAssertRewriteWarning"
    result = _run(suite, tests, *options, "-Werror", known)

    result.assert_outcomes(passed=1)


def test_each_call_is_one_mocked_event(suite: Suite) -> None:
    """Of ready routes and of respx's own, under both libraries."""
    tests = """
def test_it(llm_api, llm_calls):
    llm_api.openai.reply("Bonjour")
    by_openai()
    httpx.post(URL, json=ASKED)
    llm_api.openai.respond(json=CHAT)
    by_openai()
    httpx.post(URL, json=ASKED)
"""
    suite.write(SUITE + tests)

    suite.run("--llm-profile=slow", "--llm-clock=virtual").assert_outcomes(passed=1)

    calls = suite.stored().calls
    assert [call.origin for call in calls] == ["mocked"] * 4
    assert [call.profile for call in calls] == ["slow", "slow", None, None]
    assert [call.output_tokens for call in calls][2:] == [2, 2]


def test_respx_is_as_before_behind_the_test(suite: Suite) -> None:
    """The patches go, and so do the routes."""
    tests = """
import httpcore, httpcore2
BEFORE = [library.ConnectionPool.handle_request for library in (httpcore, httpcore2)]

def test_a(llm_api):
    llm_api.openai
    assert httpcore2.ConnectionPool.handle_request is not BEFORE[1]

def test_b():
    assert [library.ConnectionPool.handle_request for library in (httpcore, httpcore2)] == BEFORE

def test_c(llm_api):
    assert not llm_api.routes
"""

    _run(suite, tests).assert_outcomes(passed=3)


@pytest.mark.parametrize("missing", ["respx", "pytest_httpx2"])
def test_a_missing_extra_is_named(suite: Suite, missing: str) -> None:
    """Without respx, or without what makes it see httpx2."""
    conftest = f"""
import importlib.util
import sys

import pytest

@pytest.fixture(autouse=True)
def without(monkeypatch):
    find = importlib.util.find_spec

    def find_spec(name, *options):
        return None if name == {missing!r} else find(name, *options)

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    for name in [name for name in sys.modules if name.startswith("understudy.intercept.routes")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("respx", "respx.models", "respx.mocks", "respx.router", "respx.patterns"):
        if {missing!r} == "respx":
            monkeypatch.setitem(sys.modules, name, None)
"""
    suite.pytester.makeconftest(conftest)

    result = _run(suite, "def test_it(without, llm_api):\n    pass\n")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*pip install 'pytest-understudy[[]respx]'*"])


def test_a_route_answers_what_no_mock_does_and_the_message_says_so(suite: Suite) -> None:
    """A request to a provider that asks no model, beside a mock."""
    tests = """
MODERATIONS = "https://api.openai.com/v1/moderations"

def test_routed(mock_llm, llm_api):
    mock_llm.reply("Bonjour")
    llm_api.post(MODERATIONS).respond(json={"id": "mine"})

    assert httpx2.post(MODERATIONS, json={"input": "x"}).json() == {"id": "mine"}
    assert by_openai() == "Bonjour"

def test_forgotten(mock_llm):
    mock_llm.reply("Bonjour")
    httpx2.post(MODERATIONS, json={"input": "x"})

def test_forgotten_elsewhere(mock_llm):
    requests.post(MODERATIONS, json={"input": "x"})
"""
    result = _run(suite, tests)

    result.assert_outcomes(passed=1, failed=2)
    route = "llm_api.post('https://api.openai.com/v1/moderations').respond(json={…})"
    assert f"mock_llm answers no such endpoint; give it a route: {route}" in result.stdout.str()
    assert "and a route of llm_api only through httpx; take @pytest" in result.stdout.str()
