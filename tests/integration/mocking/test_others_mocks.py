"""A test's own mocks: `--llm-mock` lets them answer, and what they answer are events."""

from __future__ import annotations

import sys
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
    is_on_it = issubclass(openai.DefaultHttpxClient, httpx2.Client)
    answered = openai.OpenAI().chat.completions.create(**ASKED).id
    assert (answered == "own") is is_on_it
    assert llm_calls.count == 3

def test_the_other_library_is_not_its_business(httpx2_mock):
    httpx2_mock.post(URL).respond(json=OWN)
    assert ask() != "own"
    httpx2_mock.routes.clear()  # it fails of routes that were not called
"""
    )

    suite.run("--llm-mock", "-p", "pytest_httpx2").assert_outcomes(passed=2)


def test_what_a_cassette_of_vcrpy_holds_it_answers(suite: Suite) -> None:
    """Below httpx, and below urllib3."""
    suite.write(
        HEAD
        + """
import requests
import vcr

RECORDED = '''version: 1
interactions:
- request: {body: "", headers: {}, method: POST, uri: "URL"}
  response: {body: {string: '{"id": "own"}'}, headers: {}, status: {code: 200, message: OK}}
'''

@pytest.mark.parametrize("library", [httpx, requests])
def test_it(tmp_path, library):
    path = tmp_path / "c.yaml"
    path.write_text(RECORDED.replace("URL", URL))
    with vcr.use_cassette(str(path), record_mode="none"):
        assert ask(library) == "own"
"""
    )

    suite.run("--llm-mock").assert_outcomes(passed=2)


def test_whoever_replaces_a_transport_answers(suite: Suite) -> None:
    """With pytest's own means."""
    suite.write(
        HEAD
        + """
def test_it(monkeypatch):
    answer = lambda self, request: httpx.Response(200, json=OWN)
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", answer)
    assert ask() == "own"

class Pook(httpx.BaseTransport):
    def handle_request(self, request):
        known = request.url == URL
        return httpx.Response(200, json=OWN) if known else super().handle_request(request)

def test_whoever_says_which_it_is(monkeypatch):
    monkeypatch.setattr(httpx.Client, "_transport_for_url", lambda self, url: Pook())
    assert ask() == "own"
"""
    )

    suite.run("--llm-mock").assert_outcomes(passed=2)


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


OF_REQUESTS = """
import requests
import responses
from requests.adapters import BaseAdapter

STREAMED = 'data: {"usage": {"prompt_tokens": 3, "completion_tokens": 4}}\\n\\ndata: [DONE]\\n\\n'


def post(session=requests, **options):
    return session.post(URL, json=ASKED, timeout=9, **options)


@responses.activate
def test_answer_stream_and_error():
    responses.post(URL, json=OWN)
    responses.post(URL, body=STREAMED, content_type="text/event-stream")
    responses.post(URL, body=requests.ConnectionError("refused"))
    assert post().json() == OWN
    with post(stream=True) as response:
        assert b"".join(response.iter_content(9)).decode() == STREAMED
    with pytest.raises(requests.ConnectionError):
        post()

@responses.activate
def test_followed_redirect():
    responses.post(URL, status=307, headers={"location": URL.replace("v1", "v2")})
    responses.post(URL.replace("v1", "v2"), json=OWN)
    assert post().json() == OWN

@responses.activate
def test_let_through(mock_llm):
    mock_llm.reply("Hi")
    responses.add_passthru("https://api.openai.com")
    assert post().json()["id"] != "own"

def test_adapter():
    class Adapter(BaseAdapter):
        def send(self, request, **options):
            response = requests.Response()
            response.status_code, response._content = 200, b'{"usage": {"prompt_tokens": 3}}'
            response.url, response.request = request.url, request
            return response

        def close(self):
            pass

    with requests.Session() as session:
        session.mount("https://", Adapter())
        post(session)

@pytest.mark.llm_budget(calls=1)
@responses.activate
def test_budget():
    responses.post(URL, json=OWN)
    post()
    post()
"""


@pytest.mark.skipif(not find_spec("responses"), reason="not installed")
def test_what_stands_in_the_place_of_an_adapter_is_an_event(suite: Suite) -> None:
    """Answers, streams, errors; a redirect is one call, and what is let through is told once."""
    suite.write(HEAD + OF_REQUESTS)

    result = suite.run()

    result.assert_outcomes(passed=5, errors=1)
    stored = suite.stored()
    assert stored.count == {
        "test_answer_stream_and_error": 3,
        "test_followed_redirect": 1,
        "test_let_through": 1,
        "test_adapter": 1,
        "test_budget": 2,
    }
    assert {call.origin for call in stored.calls} == {"mocked"}
    assert [call.status for call in stored.calls][:3] == ["ok", "ok", "error"]
    assert [call.input_tokens for call in stored.calls][:4] == [3, 3, None, 3]


@pytest.mark.skipif(not find_spec("requests_mock"), reason="not installed")
def test_what_requests_mock_answers_is_an_event(suite: Suite) -> None:
    """It kept the session's method before anybody could wrap it."""
    suite.write(
        HEAD
        + """
import requests
import requests_mock

def test_answered():
    with requests_mock.Mocker() as mocker:
        mocker.post(URL, json=OWN)
        assert requests.post(URL, json=ASKED, timeout=9).json() == OWN

def test_let_through(mock_llm):
    mock_llm.reply("Hi")
    with requests_mock.Mocker(real_http=True):
        assert requests.post(URL, json=ASKED, timeout=9).json()["id"] != "own"
"""
    )

    suite.run("--llm-telemetry").assert_outcomes(passed=2)

    calls = suite.stored().calls
    assert [(call.origin, call.status) for call in calls] == [("mocked", "ok")] * 2
    assert calls[0].output_tokens == 4


@pytest.mark.skipif(not find_spec("aioresponses"), reason="not installed")
def test_what_aioresponses_answers_is_an_event(suite: Suite) -> None:
    """It stands in the place of the method that we wrap."""
    suite.write(
        HEAD
        + """
import aiohttp
from aioresponses import aioresponses

async def post():
    async with aiohttp.ClientSession() as session, session.post(URL, json=ASKED) as response:
        return await response.json()

def test_answered():
    with aioresponses() as mocked:
        mocked.post(URL, payload=OWN)
        mocked.post(URL, exception=aiohttp.ClientConnectionError("refused"))
        try:
            assert asyncio.run(post()) == OWN
        except TypeError:
            pytest.skip("it does not know this aiohttp")
        with pytest.raises(aiohttp.ClientConnectionError):
            asyncio.run(post())

def test_let_through(mock_llm):
    mock_llm.reply("Hi")
    with aioresponses(passthrough=["https://api.openai.com"]):
        assert asyncio.run(post())["id"] != "own"
"""
    )

    outcomes = suite.run().parseoutcomes()

    calls = [(call.origin, call.status) for call in suite.stored().calls]
    if "skipped" not in outcomes:
        assert calls == [("mocked", "ok"), ("mocked", "error"), ("mocked", "ok")]
    assert outcomes.get("failed", 0) == 0


def test_mocks_that_cannot_be_seen_are_named(suite: Suite, workers: tuple[str, ...]) -> None:
    """They answer above all clients; whoever has them loaded may miss calls in the table."""
    suite.pytester.makepyfile(httmock="")
    suite.write("import httmock\ndef test_it():\n    pass\n")

    said = suite.run(*workers).stdout.str()

    assert said.count("understudy: calls that httmock answers are not seen") == 1
    sys.modules.pop("httmock", None)
