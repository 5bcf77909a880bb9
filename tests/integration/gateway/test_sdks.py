"""The SDKs talk to a gateway as to their providers: their base URL is all that changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.support.gateways import Mocked, served

if TYPE_CHECKING:
    from collections.abc import Iterator

USER: Any = [{"role": "user", "content": "Hello"}]
TEXT = "Bonjour\ntout le monde"


@pytest.fixture(scope="module")
def mocked() -> Mocked:
    """Mocks that say one text, call one tool, and make vectors."""
    mocked = Mocked()
    mocked.mock.on(contains="weather", tool_result=False).reply(tool_calls=[("weather", {"at": 1})])
    mocked.mock.reply(TEXT)
    return mocked


@pytest.fixture(scope="module")
def url(mocked: Mocked) -> Iterator[str]:
    """Where they are served."""
    with served(mocked.gateway) as url:
        yield url


def test_openai(url: str) -> None:
    """Chat, stream, tool, responses and vectors; at its prefix and bare."""
    openai = pytest.importorskip("openai")
    weather: Any = [{"role": "user", "content": "the weather?"}]
    tool: Any = {"type": "function", "function": {"name": "weather", "parameters": {}}}
    for base in ("/openai/v1", "/v1"):
        with openai.OpenAI(base_url=url + base, api_key="k", max_retries=0) as client:
            chat = client.chat.completions
            assert chat.create(model="m", messages=USER).choices[0].message.content == TEXT
            streamed = chat.create(model="m", messages=USER, stream=True)
            assert "".join(each.choices[0].delta.content or "" for each in streamed) == TEXT
            called = chat.create(model="m", messages=weather, tools=[tool]).choices[0].message
            assert called.tool_calls[0].function.arguments == '{"at":1}'
            assert client.responses.create(model="m", input="Hello").output_text == TEXT
            assert client.embeddings.create(model="m", input=["a"]).data[0].embedding


def test_openai_gets_its_own_errors(url: str) -> None:
    """A path that nobody knows, and what is no call, are its 404."""
    openai = pytest.importorskip("openai")
    with (
        openai.OpenAI(base_url=f"{url}/openai/v1", api_key="k", max_retries=0) as client,
        pytest.raises(openai.NotFoundError, match="is not answered here"),
    ):
        client.models.list()


def test_anthropic(url: str) -> None:
    """Whole, streamed, with a tool; its own error for a model that it must be told."""
    anthropic = pytest.importorskip("anthropic")
    with anthropic.Anthropic(base_url=f"{url}/anthropic", api_key="k", max_retries=0) as client:
        asked: Any = {"model": "m", "max_tokens": 9, "messages": USER}
        assert client.messages.create(**asked).content[0].text == TEXT
        with client.messages.stream(**asked) as stream:
            assert "".join(stream.text_stream) == TEXT
        asked["messages"] = [{"role": "user", "content": "the weather?"}]
        tools: Any = [{"name": "weather", "input_schema": {"type": "object"}}]
        assert client.messages.create(**asked, tools=tools).content[0].input == {"at": 1}
        with pytest.raises(anthropic.NotFoundError):
            client.messages.batches.list()


def test_google(url: str) -> None:
    """Whole and streamed."""
    genai = pytest.importorskip("google.genai")
    options = genai.types.HttpOptions(base_url=f"{url}/google")
    with genai.Client(api_key="k", http_options=options) as client:
        assert client.models.generate_content(model="m", contents="Hello").text == TEXT
        streamed = client.models.generate_content_stream(model="m", contents="Hello")
        assert "".join(each.text or "" for each in streamed) == TEXT


def test_bedrock(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole and in frames, with a model whose id is percent-encoded."""
    boto3 = pytest.importorskip("boto3")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "k")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "k")
    client = boto3.client("bedrock-runtime", region_name="us-east-1", endpoint_url=f"{url}/bedrock")
    asked: Any = {
        "modelId": "us.anthropic.claude-v2:0",
        "messages": [{"role": "user", "content": [{"text": "Hello"}]}],
    }
    whole = client.converse(**asked)["output"]["message"]["content"][0]["text"]
    frames = client.converse_stream(**asked)["stream"]
    streamed = "".join(
        each["contentBlockDelta"]["delta"]["text"] for each in frames if "contentBlockDelta" in each
    )
    client.close()

    assert (whole, streamed) == (TEXT, TEXT)


def test_what_was_asked_is_there_to_look_at(url: str, mocked: Mocked) -> None:
    """With provider and conversation; a test that names itself has a mock of its own."""
    openai = pytest.importorskip("openai")
    mocked.tests.mock("a/test").reply("of that test")
    with openai.OpenAI(base_url=f"{url}/_t/a%2Ftest/groq/openai/v1", api_key="k") as client:
        answer = client.chat.completions.create(model="m", messages=USER)

    (call,) = mocked.tests.mock("a/test").calls
    assert answer.choices[0].message.content == "of that test"
    assert (call.provider, call.model, call.user_text) == ("groq", "m", "Hello")
    assert mocked.said == []
