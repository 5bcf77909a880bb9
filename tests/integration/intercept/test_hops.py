"""One call over several requests: redirects and challenges that the client itself goes on from."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import anthropic
import httpx
import httpx2
import openai
import pytest
import requests
import urllib3
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.answering import APIS, Mocked
from tests.support.instruments import Instruments
from tests.support.wayward import ANSWERS, ASKED, FOLLOWERS, PAUSE_MS, STAYERS, Wayward

from understudy.intercept import Taps
from understudy.intercept.guard import CallRefused, Guard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

each_follower = pytest.mark.parametrize("ask", FOLLOWERS.values(), ids=FOLLOWERS)
both = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])


@pytest.fixture(scope="module")
def server() -> Iterator[Wayward]:
    """A provider that is hard to reach."""
    with Wayward() as server:
        yield server


@pytest.fixture
def calls(server: Wayward) -> Iterator[Instruments]:
    """Events of what the test calls."""
    server.received.clear()
    instruments = Instruments()
    with Taps(instruments.recorder):
        yield instruments


def is_whole(event: dict[str, Any]) -> bool:
    """Tell whether an event has the first request's question and the last answer's usage."""
    read = (event["request_model"], event["input_tokens"], event["output_tokens"])
    return (*read, event["http_status"], event["status"]) == ("asked", 25, 7, 200, "ok")


@each_follower
def test_a_redirect_that_is_followed_is_no_call(
    ask: Callable[[str], Any], server: Wayward, calls: Instruments
) -> None:
    """The question is that of the first request, the usage the last one's, the time the whole."""
    ask(f"{server.url}/to/307/to/308/v1/messages")

    assert is_whole(calls.only)
    assert calls.only["duration_ms"] >= 2 * PAUSE_MS
    assert [method for method, _, _ in server.received] == ["POST"] * 3


@pytest.mark.parametrize("status", [301, 302, 303])
def test_the_answer_to_a_get_is_that_of_the_post_before_it(
    status: int, server: Wayward, calls: Instruments
) -> None:
    """Such a redirect says where the answer is, and it has all that the call used."""
    for ask in FOLLOWERS.values():
        ask(f"{server.url}/to/{status}/v1/messages")

    methods = [method for method, path, _ in server.received if path == "/v1/messages"]
    assert len(calls.events) == len(FOLLOWERS)
    assert all(map(is_whole, calls.events))
    assert "GET" in methods


@each_follower
def test_a_call_may_begin_or_end_at_an_address_that_is_no_apis(
    ask: Callable[[str], Any], server: Wayward, calls: Instruments
) -> None:
    """What is asked there counts, what is answered there, and the time."""
    ask(f"{server.url}/gate")
    ask(f"{server.url}/hidden/v1/messages")

    assert len(calls.events) == 2
    assert all(map(is_whole, calls.events))
    assert all(event["duration_ms"] >= PAUSE_MS for event in calls.events)


def test_the_provider_is_who_answered(server: Wayward, calls: Instruments) -> None:
    """A redirect leads from one host to another."""
    with Wayward() as other:
        for ask in FOLLOWERS.values():
            ask(f"{server.url}/over/{other.server_port}/v1/messages")

        assert {event["host"] for event in calls.events} == {f"127.0.0.1:{other.server_port}"}
    assert all(map(is_whole, calls.events))


@pytest.mark.parametrize("ask", STAYERS.values(), ids=STAYERS)
def test_a_redirect_that_nobody_follows_is_a_call_that_ended_so(
    ask: Callable[[str], Any], server: Wayward, calls: Instruments
) -> None:
    """It has no answer of a model's, and nobody bills it."""
    ask(f"{server.url}/to/307/v1/messages")

    assert (calls.only["request_model"], calls.only["http_status"]) == ("asked", 307)
    assert calls.only["status"] == "error"


@each_follower
def test_too_many_redirects_are_one_call_that_failed(
    ask: Callable[[str], Any], server: Wayward, calls: Instruments
) -> None:
    """As the client says."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - each has its own
        ask(f"{server.url}/loop/v1/messages")

    assert calls.only["status"] == "error"
    assert calls.only["error_type"] == type(caught.value).__name__


def test_sdks_that_follow_make_one_call(server: Wayward, calls: Instruments) -> None:
    """Openai's and anthropic's do so of their own accord, blocking and not."""
    url = f"{server.url}/to/307"
    messages: list[Any] = [{"role": "user", "content": "hello"}]
    options: dict[str, Any] = {"api_key": "k", "max_retries": 0}

    async def later() -> None:
        async with anthropic.AsyncAnthropic(base_url=url, **options) as aclaude:
            await aclaude.messages.create(model="asked", max_tokens=9, messages=messages)
        async with openai.AsyncOpenAI(base_url=f"{url}/v1", **options) as agpt:
            await agpt.chat.completions.create(model="asked", messages=messages)

    with anthropic.Anthropic(base_url=url, **options) as claude:
        claude.messages.create(model="asked", max_tokens=9, messages=messages)
    with openai.OpenAI(base_url=f"{url}/v1", **options) as gpt:
        gpt.chat.completions.create(model="asked", messages=messages)
    asyncio.run(later())

    assert len(calls.events) == 4
    assert all(map(is_whole, calls.events))


def _flow(library: Any) -> Any:
    class Flow(library.Auth):  # type: ignore[misc]
        def auth_flow(self, request: Any) -> Any:
            response = yield request
            if response.status_code == 401:
                yield library.Request("POST", request.url.copy_with(path="/token"), content=b"x")
                request.headers["authorization"] = "x"
                yield request

    return Flow()


@given(
    hops=st.lists(st.sampled_from([301, 302, 303, 307, 308, 401]), max_size=8),
    last=st.sampled_from([200, 404, 503]),
)
@settings(deadline=None, max_examples=30)
def test_whatever_a_client_goes_on_from_is_one_attempt(hops: list[int], last: int) -> None:
    """Redirects and challenges in any order; the first question and the last answer are its own."""
    answers = iter([*hops, last])

    def answer(_: Any) -> Any:
        status = next(answers)
        headers = {"location": "/v1/elsewhere"} if status < 400 else {}
        return httpx2.Response(status, headers=headers, json=ANSWERS["/v1/messages"])

    class Flow(httpx2.Auth):
        def auth_flow(self, request: Any) -> Any:
            while (yield request).status_code == 401:
                request.headers["authorization"] = "x"

    instruments = Instruments()
    transport = httpx2.MockTransport(answer)
    with (
        Taps(instruments.recorder),
        httpx2.Client(transport=transport, auth=Flow(), follow_redirects=True) as client,
    ):
        client.post("http://gateway.test/v1/messages", json=ASKED)

    event = instruments.only
    assert (event["http_status"], event["request_model"]) == (last, "asked")
    assert (event["status"], event["origin"]) == ("ok" if last == 200 else "error", "mocked")
    assert next(answers, None) is None


@both
def test_a_challenge_that_is_met_is_no_call(
    library: Any, server: Wayward, calls: Instruments
) -> None:
    """Nor is the request for a token in between; a redirect may come on top."""

    async def later() -> None:
        async with library.AsyncClient(auth=_flow(library), follow_redirects=True) as client:
            await client.post(f"{server.url}/to/307/who/v1/messages", json=ASKED)

    with library.Client(auth=_flow(library)) as client:
        client.post(f"{server.url}/who/v1/messages", json=ASKED)
    asyncio.run(later())

    assert len(calls.events) == 2
    assert all(map(is_whole, calls.events))


def test_requests_answers_a_digest_challenge_in_one_call(
    server: Wayward, calls: Instruments
) -> None:
    """Its hook sends the request once more."""
    auth = requests.auth.HTTPDigestAuth("a", "b")

    requests.post(f"{server.url}/who/v1/messages", json=ASKED, auth=auth, timeout=9)

    assert is_whole(calls.only)


@each_follower
def test_a_challenge_that_nobody_meets_is_a_call_that_failed(
    ask: Callable[[str], Any], server: Wayward, calls: Instruments
) -> None:
    """As ever."""
    ask(f"{server.url}/who/v1/messages")

    assert (calls.only["http_status"], calls.only["status"]) == (401, "error")


def test_retries_behind_a_redirect_are_attempts_of_one_call(
    server: Wayward, calls: Instruments
) -> None:
    """Of an SDK, which begins at the redirect again, and of urllib3, which does not."""
    retry = urllib3.Retry(3, status_forcelist=[503], allowed_methods=None)
    with openai.OpenAI(base_url=f"{server.url}/to/307/busy/v1", api_key="k") as client:
        client.chat.completions.create(model="asked", messages=[{"role": "user", "content": "x"}])
    urllib3.request("POST", f"{server.url}/to/307/busy/v1/messages", json=ASKED, retries=retry)

    attempts = [(event["http_status"], event["attempt"]) for event in calls.events]
    assert attempts == [(503, 1), (200, 2)] * 2
    assert len({event["call_id"] for event in calls.events}) == 2


@each_follower
def test_a_redirect_leads_to_a_mock(ask: Callable[[str], Any], server: Wayward) -> None:
    """It is asked what was asked first, and nothing leaves the machine."""
    instruments, mocked = Instruments(), Mocked()
    with Taps(instruments.recorder, answerer=mocked):
        ask(f"{server.url}/away/api.openai.com/v1/chat/completions")

    event = instruments.only
    assert (event["origin"], event["provider"]) == ("mocked", "openai")
    assert event["request_model"] == "asked"
    assert "hello there" in mocked.mock.calls[0].prompt.user_text


@each_follower
def test_a_redirect_to_a_host_that_is_blocked_is_refused(
    ask: Callable[[str], Any], server: Wayward
) -> None:
    """In words that name the model, although its body came with the first request."""
    instruments = Instruments()
    taps = Taps(instruments.recorder)
    guard = Guard(current_owner=instruments.ownership.current, calling=taps.calling, apis=APIS)

    with taps, guard.block(), pytest.raises(CallRefused, match="for 'asked'"):
        ask(f"{server.url}/away/api.openai.com/v1/chat/completions")

    event = instruments.only
    assert (event["request_model"], event["http_status"], event["origin"]) == ("asked", None, None)
