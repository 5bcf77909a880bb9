"""Addresses: who answers, and how a call there is named."""

from __future__ import annotations

import pytest

from understudy.calls import Request, Response
from understudy.providers import default_apis
from understudy.wire import Peek

APIS = default_apis()


@pytest.mark.parametrize(
    ("url", "provider"),
    [
        ("https://api.openai.com/v1/models", "openai"),
        ("https://EU.api.openai.com:443/v1", "openai"),
        ("https://r.openai.azure.com/openai", "azure"),
        ("https://r.services.ai.azure.com/models", "azure"),
        ("https://europe-west1-aiplatform.googleapis.com/v1", "vertex"),
        ("https://oauth2.googleapis.com/token", "oauth2.googleapis.com"),
        ("https://bedrock-runtime.eu-west-1.amazonaws.com/model", "bedrock"),
        ("https://bedrock-mantle.us-east-1.api.aws/v1", "bedrock"),
        ("https://runtime.sagemaker.us-east-1.amazonaws.com/endpoints", "sagemaker"),
        ("https://sts.amazonaws.com/", "sts.amazonaws.com"),
        ("https://abc.us-east-1.aws.endpoints.huggingface.cloud/", "huggingface"),
        ("http://localhost:11434/api/chat", "ollama"),
        ("http://127.0.0.1:8000/v1", "local"),
        ("http://app.test:8000/v1", "app.test:8000"),
        ("http://localhost:3000/", "localhost:3000"),
        ("http://localhost/", "localhost"),
        ("nonsense", "unknown"),
        ("http://[broken", "unknown"),
        ("http://host:notaport/", "unknown"),
    ],
)
def test_the_host_names_the_provider(url: str, provider: str) -> None:
    """A stranger is named by host and port."""
    assert APIS.target_of("POST", url).provider == provider


def test_strangers_are_not_known() -> None:
    """Codecs look closer there."""
    assert APIS.target_of("POST", "https://api.openai.com/v1").known
    assert not APIS.target_of("POST", "https://example.com/v1").known


def test_a_segment_is_decoded() -> None:
    """Model names hold colons and slashes."""
    target = APIS.target_of("POST", "https://x.test/model/arn%3Aaws%2Fm/invoke")

    assert target.segment_after("model") == "arn:aws/m"
    assert target.segment_after("models") is None


def test_a_peek_is_remembered() -> None:
    """What was decided by the body must not be decided by the address next time."""
    peek = Peek(b'{"model": "m"}')

    assert not peek.taken
    assert peek.mentions("model")
    assert not peek.mentions("model", "messages")
    assert peek.taken


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://api.openai.com/v1/chat/completions/c1", "openai.chat"),
        ("https://api.openai.com/v1/responses/r1/cancel", "openai.responses"),
        ("https://api.openai.com/v1/threads/t/messages", "openai.assistants"),
        ("https://api.openai.com/v1/images/generations", "openai.images"),
        ("https://api.openai.com/v1/audio/transcriptions", "openai.audio"),
        ("https://api.openai.com/v1/moderations", "openai.moderations"),
        ("https://api.openai.com/v1/realtime/sessions", "openai.realtime"),
        ("https://api.openai.com/v1/files/f", "aux.files"),
        ("https://api.openai.com/v1/models", "aux.models"),
        ("https://api.anthropic.com/v1/messages/count_tokens", "aux.count_tokens"),
        ("https://api.anthropic.com/v1/messages/batches", "aux.batches"),
        ("https://generativelanguage.googleapis.com/v1/models/g:countTokens", "aux.countTokens"),
        ("https://generativelanguage.googleapis.com/v1beta/cachedContents/c", "aux.cachedContents"),
        ("https://bedrock-agent-runtime.us.amazonaws.com/agents/a/text", "bedrock.agent"),
        ("https://bedrock-runtime.us.amazonaws.com/guardrail/g/apply", "bedrock.other"),
        ("https://runtime.sagemaker.us.amazonaws.com/endpoints/e", "sagemaker.invoke"),
        ("https://api.cohere.com/v2/rerank", "cohere.rerank.v2"),
        ("https://api.voyageai.com/v1/rerank", "rerank"),
        ("https://api.replicate.com/v1/models/o/n/predictions", "replicate.predictions"),
        ("https://api.replicate.com/v1/models/o/n", "aux.models"),
        ("https://x.endpoints.huggingface.cloud/", "hf."),
        ("https://www.braintrust.dev/api/apikey/login", "other"),
    ],
)
def test_every_call_has_a_name(url: str, name: str) -> None:
    """By its path, and on some hosts by the host."""
    assert APIS.read(Request("GET", url, {}, b""), Response(200, {}, b"")).wire_api == name


@pytest.mark.parametrize(
    ("url", "is_provider"),
    [
        ("https://api.openai.com/v1/whatever", True),
        ("http://localhost:3000/v1/models", True),
        ("https://example.com/weather", False),
    ],
)
def test_requests_to_providers_are_told_from_others(url: str, is_provider: bool) -> None:  # noqa: FBT001
    """A model list is no call, but is counted."""
    assert APIS.is_provider_request(Request("GET", url, {}, b"")) is is_provider


@pytest.mark.parametrize(
    ("host", "provider"),
    [
        ("127.0.0.1:41663", "localhost"),
        ("localhost:65535", "localhost"),
        ("[::1]:32768", "localhost"),
        ("127.0.0.1:18000", "127.0.0.1:18000"),
        ("localhost:4000", "localhost:4000"),
        ("example.com:41663", "example.com:41663"),
    ],
)
def test_a_server_of_this_machine_has_the_same_name_in_each_run(host: str, provider: str) -> None:
    """A free port is another one each time; one that somebody chose says who is there."""
    request = Request("POST", f"http://{host}/v1/messages", {}, b'{"model":"m","messages":[]}')

    assert APIS.read(request, Response(200, {}, b"")).provider == provider
