"""What providers say beside the error itself: when to try again, what is left."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.unit.providers.wire_cases import (
    ANTHROPIC,
    BEDROCK,
    COHERE,
    GEMINI,
    MESSAGES,
    OLLAMA,
    OPENAI,
    render,
)

from understudy.calls import Usage
from understudy.wire.writing import ErrorKind, Failure, Reply, TextLine

CHAT: dict[str, Any] = {"model": "gpt-4o", "messages": MESSAGES}
AZURE = "https://mine.openai.azure.com/openai/deployments/gpt-4o/chat/completions"
VERTEX = "https://europe-aiplatform.googleapis.com/v1/publishers/google/models/gemini-2.5-flash"
URLS = {
    "openai": f"{OPENAI}/chat/completions",
    "azure": AZURE,
    "anthropic": f"{ANTHROPIC}/messages",
    "bedrock": f"{BEDROCK}/m/converse",
    "cohere": f"{COHERE}/v2/chat",
    "ollama": f"{OLLAMA}/chat",
}


def refused(url: str, failure: Failure) -> tuple[dict[str, str], Any]:
    """Return the headers and the JSON of an error."""
    rendered = render(url, CHAT, failure)
    return dict(rendered.headers), json.loads(rendered.body)


@pytest.mark.parametrize("name", URLS)
@pytest.mark.parametrize(("wait", "told"), [(30, "30"), (0.25, "0.25"), (0, "0")])
def test_when_to_try_again_stands_in_a_header(name: str, wait: float, told: str) -> None:
    """In seconds, without needless digits."""
    headers, _ = refused(URLS[name], Failure(kind=ErrorKind.RATE_LIMIT, retry_after=wait))

    assert headers["retry-after"] == told


@pytest.mark.parametrize("name", URLS)
def test_nothing_is_said_of_when_where_nothing_is_told(name: str) -> None:
    """The client's own back-off decides."""
    headers, _ = refused(URLS[name], Failure(kind=ErrorKind.RATE_LIMIT))

    assert "retry-after" not in headers


def test_openai_tells_milliseconds_and_what_is_left() -> None:
    """No request, until the time to try again has come."""
    headers, _ = refused(URLS["openai"], Failure(kind=ErrorKind.RATE_LIMIT, retry_after=0.25))

    assert headers["retry-after-ms"] == "250"
    assert headers["x-ratelimit-remaining-requests"] == "0"
    assert headers["x-ratelimit-reset-requests"] == "0.25s"


def test_anthropic_tells_the_moment_and_whether_to_try() -> None:
    """Counted from the moment of the error."""
    failure = Failure(kind=ErrorKind.RATE_LIMIT, retry_after=90, created=1_767_225_600)

    headers, _ = refused(URLS["anthropic"], failure)

    assert headers["anthropic-ratelimit-requests-reset"] == "2026-01-01T00:01:30Z"
    assert headers["x-should-retry"] == "true"
    login, _ = refused(URLS["anthropic"], Failure(kind=ErrorKind.AUTHENTICATION))
    assert login["x-should-retry"] == "false"


def test_headers_of_the_failure_win() -> None:
    """A date, say, in the place of seconds."""
    date = (("Retry-After", "Thu, 01 Jan 2026 00:00:30 GMT"), ("x-should-retry", "false"))
    failure = Failure(kind=ErrorKind.RATE_LIMIT, retry_after=1, headers=date)

    rendered = render(URLS["anthropic"], CHAT, failure)

    assert set(date) <= set(rendered.headers)
    assert [name.lower() for name, _ in rendered.headers].count("retry-after") == 1


def test_azure_filters_in_words_of_its_own() -> None:
    """And names the request its way."""
    headers, body = refused(AZURE, Failure(kind=ErrorKind.CONTENT_FILTER, id="a1"))

    assert body["error"]["code"] == "content_filter"
    assert headers["apim-request-id"] == "a1"


def test_vertex_wants_a_login_where_gemini_wants_a_key() -> None:
    """401 instead of 400."""
    failure = Failure(kind=ErrorKind.AUTHENTICATION)

    _, vertex = refused(f"{VERTEX}:generateContent", failure)
    _, gemini = refused(f"{GEMINI}:generateContent", failure)

    assert (vertex["error"]["code"], vertex["error"]["status"]) == (401, "UNAUTHENTICATED")
    assert gemini["error"]["details"][0]["reason"] == "API_KEY_INVALID"


def test_a_stream_of_gemini_that_is_an_array_tells_errors_in_one() -> None:
    """Server-sent events do not."""
    failure = Failure(kind=ErrorKind.NOT_FOUND)

    _, array = refused(f"{GEMINI}:streamGenerateContent", failure)
    _, alone = refused(f"{GEMINI}:streamGenerateContent?alt=sse", failure)

    assert array == [alone]
    assert "gemini-2.5-flash" in alone["error"]["message"]


def test_gemini_tells_when_to_try_again_in_the_body() -> None:
    """As a duration."""
    failure = Failure(kind=ErrorKind.RATE_LIMIT, retry_after=30)

    headers, body = refused(f"{GEMINI}:generateContent", failure)

    assert body["error"]["details"][0]["retryDelay"] == "30s"
    assert "retry-after" not in headers


@pytest.mark.parametrize("method", ["generateContent", "streamGenerateContent"])
def test_a_blocked_prompt_of_gemini_is_no_error(method: str) -> None:
    """But an answer without candidates, in the shape of the call."""
    failure = Failure(kind=ErrorKind.CONTENT_FILTER, message="no")

    rendered = render(f"{GEMINI}:{method}", {}, failure)

    body = json.loads(rendered.body)
    (answer,) = body if isinstance(body, list) else [body]
    assert rendered.status == 200
    assert answer["promptFeedback"]["blockReasonMessage"] == "no"
    assert "candidates" not in answer


def test_a_blocked_prompt_of_gemini_may_be_an_error() -> None:
    """Where a status is told."""
    failure = Failure(kind=ErrorKind.CONTENT_FILTER, status=400)

    rendered = render(f"{GEMINI}:generateContent", {}, failure)

    assert rendered.status == 400


def test_what_is_left_is_told_with_answers_too() -> None:
    """And how long the provider says it took."""
    reply = Reply(lines=(TextLine(("x",)),), usage=Usage(1, 2), id="a1", latency_ms=850)

    openai = dict(render(URLS["openai"], CHAT, reply).headers)
    anthropic = dict(render(URLS["anthropic"], CHAT, reply).headers)
    google = dict(render(f"{GEMINI}:generateContent", {}, reply).headers)

    assert (openai["x-request-id"], openai["openai-processing-ms"]) == ("req_a1", "850")
    assert openai["x-ratelimit-remaining-requests"] == "9999"
    assert anthropic["request-id"] == "req_a1"
    assert anthropic["anthropic-ratelimit-requests-remaining"] == "3999"
    assert google["server-timing"] == "gfet4t7; dur=850"
