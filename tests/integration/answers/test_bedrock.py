"""Answers through boto3: Converse and Invoke, whole and in frames whose checksums it verifies."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.sdks import PROMPT, OneReply, reply, story

from understudy.calls import Request, Usage
from understudy.wire.writing import ErrorKind, Failure, TextLine, text_vector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.wire.writing import Rendered

boto3 = pytest.importorskip("boto3")
awsrequest = pytest.importorskip("botocore.awsrequest")
config = pytest.importorskip("botocore.config")
exceptions = pytest.importorskip("botocore.exceptions")

CLAUDE = "anthropic.claude-3-haiku-20240307-v1:0"
ASKED: dict[str, Any] = {
    "modelId": CLAUDE,
    "messages": [{"role": "user", "content": [{"text": PROMPT}]}],
}


class Raw(io.BytesIO):
    """A response of urllib3 as far as botocore looks."""

    def __init__(self, rendered: Rendered) -> None:
        super().__init__(rendered.body)
        self._pieces = [piece.data for piece in rendered.pieces]

    def stream(self, **_options: Any) -> Iterator[bytes]:
        """Give the body piece by piece."""
        yield from self._pieces


@pytest.fixture
def client(answered: OneReply) -> Iterator[Any]:
    """A client that does not retry."""

    def send(request: Any, **_told: Any) -> Any:
        headers = {name.lower(): str(value) for name, value in request.headers.items()}
        asked = Request(request.method, request.url, headers, request.body or b"")
        rendered = answered.write(asked)
        told = awsrequest.HeadersDict(rendered.headers)
        return awsrequest.AWSResponse(request.url, rendered.status, told, Raw(rendered))

    one = boto3.client(
        "bedrock-runtime",
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=config.Config(retries={"total_max_attempts": 1}),
    )
    one.meta.events.register("before-send.bedrock-runtime", send)
    yield one
    one.close()


def invoke(client: Any, model: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON that a model answers."""
    answer = client.invoke_model(modelId=model, body=json.dumps(body))
    return {**json.loads(answer["body"].read()), "told": answer["ResponseMetadata"]["HTTPHeaders"]}


def invoke_stream(client: Any, model: str, body: dict[str, Any]) -> list[Any]:
    """Return the JSON of each event that a model answers."""
    answer = client.invoke_model_with_response_stream(modelId=model, body=json.dumps(body))
    return [json.loads(event["chunk"]["bytes"]) for event in answer["body"]]


def test_converse_is_whole(client: Any, answered: OneReply) -> None:
    """Thoughts with a signature, text, calls, reason, usage and request id."""
    answered.reply = story()

    answer = client.converse(**ASKED)

    thinking, text, weather, time = answer["output"]["message"]["content"]
    assert thinking["reasoningContent"]["reasoningText"]["text"] == "Let me think."
    assert text == {"text": "Hello\nworld"}
    assert weather["toolUse"] == {
        "toolUseId": "tooluse_t12",
        "name": "get_weather",
        "input": {"city": "Oslo"},
    }
    assert time["toolUse"]["toolUseId"] == "call_mine"
    assert answer["stopReason"] == "tool_use"
    assert answer["usage"] == {
        "inputTokens": 7,
        "outputTokens": 7,
        "totalTokens": 18,
        "cacheReadInputTokens": 4,
    }
    assert answer["ResponseMetadata"]["RequestId"] == "t1"


def test_converse_streams_frames(client: Any, answered: OneReply) -> None:
    """In the order of the real thing."""
    answered.reply = story()

    events = list(client.converse_stream(**ASKED)["stream"])

    kinds = [next(iter(event)) for event in events]
    deltas = [
        event["contentBlockDelta"]["delta"] for event in events if "contentBlockDelta" in event
    ]
    assert kinds[0] == "messageStart"
    assert kinds[-2:] == ["messageStop", "metadata"]
    assert "".join(delta.get("text", "") for delta in deltas) == "Hello\nworld"
    given = [delta["toolUse"]["input"] for delta in deltas if "toolUse" in delta]
    assert given == ['{"city":', ' "Oslo"}', "{}"]
    assert events[-1]["metadata"]["usage"]["totalTokens"] == 18


def test_claude_is_invoked(client: Any, answered: OneReply) -> None:
    """Anthropic's messages; Bedrock's counts in headers and in the last event."""
    answered.reply = story()
    body = {"anthropic_version": "bedrock-2023-05-31", "messages": [], "max_tokens": 9}

    answer = invoke(client, CLAUDE, body)
    events = invoke_stream(client, CLAUDE, body)

    assert (answer["model"], answer["id"]) == ("claude-3-haiku-20240307", "msg_bdrk_t1")
    assert answer["content"][1]["text"] == "Hello\nworld"
    assert answer["told"]["x-amzn-bedrock-output-token-count"] == "7"
    assert [event["type"] for event in events][:2] == ["message_start", "content_block_start"]
    assert "ping" not in [event["type"] for event in events]
    metrics = events[-1]["amazon-bedrock-invocationMetrics"]
    assert (metrics["inputTokenCount"], metrics["cacheReadInputTokenCount"]) == (7, 4)


def test_nova_is_invoked(client: Any, answered: OneReply) -> None:
    """The messages of Converse."""
    model, body = "amazon.nova-lite-v1:0", {"schemaVersion": "messages-v1", "messages": []}
    answered.reply = reply(TextLine(("Hel", "lo")))

    answer = invoke(client, model, body)
    events = invoke_stream(client, model, body)

    assert answer["output"]["message"]["content"] == [{"text": "Hello"}]
    deltas = [event["contentBlockDelta"] for event in events if "contentBlockDelta" in event]
    assert [delta["delta"]["text"] for delta in deltas] == ["Hel", "lo"]
    assert events[-1]["metadata"]["usage"]["outputTokens"] == 7


def test_titan_is_invoked(client: Any, answered: OneReply) -> None:
    """One result, and one vector."""
    model = "amazon.titan-text-express-v1"
    answered.reply = reply(TextLine(("Hel", "lo")), usage=Usage(11, 7))

    answer = invoke(client, model, {"inputText": "x"})
    events = invoke_stream(client, model, {"inputText": "x"})
    embedded = invoke(
        client, "amazon.titan-embed-text-v2:0", {"inputText": "cat", "dimensions": 256}
    )

    assert answer["results"][0]["outputText"] == "Hello"
    assert "".join(event["outputText"] for event in events) == "Hello"
    assert embedded["embedding"] == text_vector("cat", 256)


@pytest.mark.parametrize(
    ("kind", "raised"),
    [
        (ErrorKind.RATE_LIMIT, "ThrottlingException"),
        (ErrorKind.OVERLOADED, "ServiceUnavailableException"),
        (ErrorKind.PERMISSION, "AccessDeniedException"),
        (ErrorKind.NOT_FOUND, "ResourceNotFoundException"),
        (ErrorKind.INVALID_REQUEST, "ValidationException"),
        (ErrorKind.CONTEXT_OVERFLOW, "ValidationException"),
        (ErrorKind.CONTENT_FILTER, "ValidationException"),
        (ErrorKind.SERVER_ERROR, "InternalServerException"),
    ],
)
@pytest.mark.parametrize("method", ["converse", "converse_stream"])
def test_each_error_is_the_sdks_own(
    client: Any, answered: OneReply, kind: ErrorKind, raised: str, method: str
) -> None:
    """Its class, its message, its request id."""
    answered.reply = Failure(kind=kind, id="t1", message="no")

    with pytest.raises(getattr(client.exceptions, raised)) as caught:
        getattr(client, method)(**ASKED)

    assert caught.value.response["Error"] == {"Message": "no", "Code": raised}
    assert caught.value.response["ResponseMetadata"]["RequestId"] == "t1"


def test_an_unknown_key_is_no_modelled_error(client: Any, answered: OneReply) -> None:
    """But a ClientError with a code."""
    answered.reply = Failure(kind=ErrorKind.AUTHENTICATION)

    with pytest.raises(client.exceptions.ClientError, match="UnrecognizedClientException"):
        client.converse(**ASKED)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (ErrorKind.RATE_LIMIT, "throttlingException"),
        (ErrorKind.SERVER_ERROR, "internalServerException"),
        (ErrorKind.NOT_FOUND, "modelStreamErrorException"),
    ],
)
def test_an_exception_within_a_stream_is_raised(
    client: Any, answered: OneReply, kind: ErrorKind, name: str
) -> None:
    """After what was said before, in both sorts of streams."""
    answered.reply = reply(
        TextLine(("Hel",)), broken_by=Failure(kind=kind, message="the tape ran out")
    )
    seen: list[Any] = []

    with pytest.raises(exceptions.EventStreamError, match=f"{name}.*the tape ran out"):
        seen.extend(client.converse_stream(**ASKED)["stream"])
    with pytest.raises(exceptions.EventStreamError, match=f"{name}.*the tape ran out"):
        invoke_stream(client, CLAUDE, {"messages": []})

    assert "Hel" in str(seen) or seen == []
