"""What the SDKs of openai and anthropic make of each fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.support.clients import ANTHROPIC, OPENAI
from tests.support.sdks import QUESTION, MockedClients

if TYPE_CHECKING:
    from collections.abc import Iterator

openai = pytest.importorskip("openai")
anthropic = pytest.importorskip("anthropic")

TEXT = "one\ntwo\nthree\nfour\n"


@pytest.fixture
def spoken(mocked: MockedClients) -> MockedClients:
    """A mock that says four lines."""
    mocked.mock.reply(TEXT)
    return mocked


@pytest.fixture
def ask_openai(spoken: MockedClients) -> Iterator[Any]:
    """Ask without retries; returns the text."""
    with openai.OpenAI(api_key="x", max_retries=0, http_client=spoken.client(OPENAI)) as client:

        def ask(*, stream: bool) -> str:
            answer = client.chat.completions.create(model="gpt-5", messages=QUESTION, stream=stream)
            if not stream:
                return str(answer.choices[0].message.content)
            return "".join(chunk.choices[0].delta.content or "" for chunk in answer)

        yield ask


@pytest.fixture
def ask_anthropic(spoken: MockedClients) -> Iterator[Any]:
    """Ask without retries; returns the text."""
    http = spoken.client(ANTHROPIC)
    with anthropic.Anthropic(api_key="x", max_retries=0, http_client=http) as client:

        def ask(*, stream: bool) -> str:
            asked: dict[str, Any] = {"model": "claude-5", "max_tokens": 99, "messages": QUESTION}
            if not stream:
                return str(client.messages.create(**asked).content[0].text)
            with client.messages.stream(**asked) as answer:
                return "".join(answer.text_stream)

        yield ask


STREAM = {"stream": True}
WHOLE = {"stream": False}
MATRIX = [
    # fault, options, how it was asked, what openai and what anthropic raise
    ("peer_drop", {"after_lines": 1}, STREAM, ("APIConnectionError", "RemoteProtocolError")),
    ("reset", {"after_lines": 1}, STREAM, ("APIConnectionError", "ReadError")),
    ("read_timeout", {"after_lines": 1}, STREAM, ("APITimeoutError", "ReadTimeout")),
    ("malformed", {}, STREAM, ("JSONDecodeError", "JSONDecodeError")),
    ("error_event", {}, STREAM, ("APIError", "APIStatusError")),
    ("peer_drop", {}, WHOLE, ("APIConnectionError", "APIConnectionError")),
    ("reset", {}, WHOLE, ("APIConnectionError", "APIConnectionError")),
    ("read_timeout", {}, WHOLE, ("APITimeoutError", "APITimeoutError")),
    ("connection_refused", {}, WHOLE, ("APIConnectionError", "APIConnectionError")),
    ("malformed", {}, WHOLE, ("JSONDecodeError", "JSONDecodeError")),
    ("truncated", {}, WHOLE, ("JSONDecodeError", "JSONDecodeError")),
    ("rate_limit", {}, WHOLE, ("RateLimitError", "RateLimitError")),
    ("rate_limit", {}, STREAM, ("RateLimitError", "RateLimitError")),
    ("server_error", {}, WHOLE, ("InternalServerError", "InternalServerError")),
    ("unavailable", {}, WHOLE, ("InternalServerError", "ServiceUnavailableError")),
    ("overloaded", {}, WHOLE, ("InternalServerError", "OverloadedError")),
    ("content_filter", {}, WHOLE, ("BadRequestError", "BadRequestError")),
    ("context_overflow", {}, STREAM, ("BadRequestError", "BadRequestError")),
]
matrix = pytest.mark.parametrize(("fault", "options", "asked", "raised"), MATRIX)
#: What openai 2 raises instead, which lets the errors of its client through: by fault, streamed.
OF_OPENAI_2 = {
    ("peer_drop", True): "RemoteProtocolError",
    ("reset", True): "ReadError",
    ("read_timeout", True): "ReadTimeout",
}
#: What anthropic raised before its version 1.
OF_ANTHROPIC_0 = {("unavailable", False): "InternalServerError"}


@matrix
def test_openai_raises_its_own_error(
    spoken: MockedClients,
    ask_openai: Any,
    fault: str,
    options: Any,
    asked: Any,
    raised: tuple[str, str],
) -> None:
    """As it does with the real provider."""
    spoken.mock.fail(fault, **options)

    with pytest.raises(Exception) as caught:  # noqa: PT011 - the name is what is tested
        ask_openai(**asked)

    older = OF_OPENAI_2 if openai.VERSION.startswith("2.") else {}
    assert type(caught.value).__name__ == older.get((fault, asked["stream"]), raised[0])


@matrix
def test_anthropic_raises_its_own_error_or_its_clients(
    spoken: MockedClients,
    ask_anthropic: Any,
    fault: str,
    options: Any,
    asked: Any,
    raised: tuple[str, str],
) -> None:
    """Within a stream it lets the errors of the HTTP client through."""
    spoken.mock.fail(fault, **options)

    with pytest.raises(Exception) as caught:  # noqa: PT011 - the name is what is tested
        ask_anthropic(**asked)

    older = OF_ANTHROPIC_0 if anthropic.__version__.startswith("0.") else {}
    assert type(caught.value).__name__ == older.get((fault, asked["stream"]), raised[1])


@pytest.mark.parametrize("ask", ["ask_openai", "ask_anthropic"])
@pytest.mark.parametrize(
    ("fault", "text"), [("truncated", "one\ntwo\n"), ("rechunked", TEXT), ("slow_chunks", TEXT)]
)
def test_neither_notices_these(
    request: pytest.FixtureRequest, spoken: MockedClients, ask: str, fault: str, text: str
) -> None:
    """A stream that merely ends is taken for whole; splinters are put together."""
    options: dict[str, Any] = {"seconds": 0.001} if fault == "slow_chunks" else {}
    spoken.mock.fail(fault, **options)

    assert request.getfixturevalue(ask)(stream=True) == text


@pytest.mark.parametrize("ask", ["ask_openai", "ask_anthropic"])
def test_what_goes_wrong_in_a_stream_is_not_retried(
    request: pytest.FixtureRequest, spoken: MockedClients, ask: str
) -> None:
    """The next call is answered."""
    spoken.mock.fail("peer_drop", after_lines=1, times=1)
    call = request.getfixturevalue(ask)

    with pytest.raises(Exception):  # noqa: B017, PT011 - each SDK has its own
        call(stream=True)

    assert call(stream=True) == TEXT
    assert len(spoken.mock.calls) == 2
