"""Embeddings of every wire API."""

from __future__ import annotations

import json
import struct
from binascii import a2b_base64
from typing import Any

import pytest
from tests.unit.providers.wire_cases import BEDROCK, COHERE, GEMINI, OLLAMA, OPENAI, read, render

from understudy.calls import Usage
from understudy.wire.writing import ErrorKind, Failure, Reply, TextLine, text_vector

VERTEX = "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/google"
PARTS = {"content": {"parts": [{"text": "one "}, {"text": "cat"}]}}
CASES: dict[str, tuple[str, dict[str, Any], str]] = {
    "openai": (
        f"{OPENAI}/embeddings",
        {"model": "text-embedding-3-small", "input": "one cat"},
        "data.0.embedding",
    ),
    "gemini": (f"{GEMINI}:embedContent", PARTS, "embedding.values"),
    "gemini, a batch": (
        f"{GEMINI}:batchEmbedContents",
        {"requests": [PARTS]},
        "embeddings.0.values",
    ),
    "vertex": (
        f"{VERTEX}/models/text-embedding-005:predict",
        {"instances": [{"content": "one cat"}]},
        "predictions.0.embeddings.values",
    ),
    "titan": (
        f"{BEDROCK}/amazon.titan-embed-text-v2%3A0/invoke",
        {"inputText": "one cat"},
        "embedding",
    ),
    "cohere on bedrock": (
        f"{BEDROCK}/cohere.embed-english-v3/invoke",
        {"texts": ["one cat"], "input_type": "search_query"},
        "embeddings.0",
    ),
    "cohere v1": (
        f"{COHERE}/v1/embed",
        {"model": "embed-english-v3.0", "texts": ["one cat"]},
        "embeddings.0",
    ),
    "cohere v2": (
        f"{COHERE}/v2/embed",
        {"model": "embed-v4.0", "texts": ["one cat"]},
        "embeddings.float.0",
    ),
    "ollama": (
        f"{OLLAMA}/embed",
        {"model": "nomic-embed-text", "input": "one cat"},
        "embeddings.0",
    ),
}
LENGTHS = {
    "openai": 1536,
    "gemini": 1536,
    "gemini, a batch": 1536,
    "vertex": 768,
    "titan": 1024,
    "cohere on bedrock": 1024,
    "cohere v1": 1024,
    "cohere v2": 1536,
    "ollama": 768,
}
every_case = pytest.mark.parametrize("name", CASES)


def at(answer: Any, path: str) -> Any:
    """Return what stands at a dotted path."""
    for key in path.split("."):
        answer = answer[int(key)] if key.isdigit() else answer[key]
    return answer


@every_case
def test_the_vector_is_made_of_the_text(name: str) -> None:
    """As long as the model's vectors are; the input's tokens are told."""
    url, body, path = CASES[name]

    rendered = render(url, body, Reply(usage=Usage(11, 0)))

    found = read(url, body, rendered)
    assert at(json.loads(rendered.body), path) == text_vector("one cat", LENGTHS[name])
    assert found.usage is not None
    assert found.usage.input_tokens == 11
    assert found.operation == "embeddings"


@every_case
def test_vectors_that_are_told_are_used_in_turn(name: str) -> None:
    """They need not be of the model's length; lines tell only the moment."""
    url, body, path = CASES[name]
    reply = Reply(lines=(TextLine(("x",)),), usage=Usage(), vectors=((0.25, 0.5),))

    rendered = render(url, body, reply)

    assert at(json.loads(rendered.body), path) == [0.25, 0.5]
    assert rendered.pieces[0].line == 0


@every_case
def test_embedding_models_refuse_like_the_others(name: str) -> None:
    """With the errors of their providers."""
    url, body, _ = CASES[name]
    failure = Failure(kind=ErrorKind.RATE_LIMIT, message="no")

    found = read(url, body, render(url, body, failure))

    assert (found.status, found.error) == (429, "no")


@pytest.mark.parametrize(
    ("told", "texts"),
    [
        ("a", ["a"]),
        (["a", "b"], ["a", "b"]),
        ([1, 2], ["[1,2]"]),
        ([[1, 2], [3]], ["[1,2]", "[3]"]),
        ([], []),
    ],
)
def test_openai_takes_texts_and_tokens(told: Any, texts: list[str]) -> None:
    """Tokens stand for a text."""
    body = {"model": "m", "input": told, "dimensions": 16}

    data = json.loads(render(f"{OPENAI}/embeddings", body, Reply(usage=Usage())).body)["data"]

    assert [one["embedding"] for one in data] == [text_vector(text, 16) for text in texts]


def test_openai_encodes_in_base64() -> None:
    """Little-endian floats of 32 bits."""
    body = {"model": "m", "input": "a", "dimensions": 4, "encoding_format": "base64"}
    reply = Reply(usage=Usage(), vectors=((0.25, -1.0),))

    data = json.loads(render(f"{OPENAI}/embeddings", body, reply).body)["data"]

    assert struct.unpack("<2f", a2b_base64(data[0]["embedding"])) == (0.25, -1.0)


def test_all_but_openai_tell_an_id() -> None:
    """The SDK of Mistral wants one."""
    body = {"model": "mistral-embed", "input": "a"}
    url = "https://api.mistral.ai/v1/embeddings"

    assert json.loads(render(url, body, Reply(usage=Usage())).body)["id"] == "embd-understudy"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("int8", [127, -64, 0, 1, 1, 1, 1, 1]),
        ("uint8", [255, 64, 128, 129, 129, 129, 129, 129]),
        ("ubinary", [0b10011111]),
        ("binary", [0b10011111 - 128]),
    ],
)
def test_cohere_quantises(kind: str, expected: list[int]) -> None:
    """One byte a number, or one bit."""
    body = {"model": "embed-v4.0", "texts": ["a"], "embedding_types": [kind]}
    vector = (1.0, -0.5, 0.0, 0.01, 0.01, 0.01, 0.01, 0.01)

    rendered = render(f"{COHERE}/v2/embed", body, Reply(usage=Usage(), vectors=(vector,)))

    assert json.loads(rendered.body)["embeddings"] == {kind: [expected]}


def test_cohere_embeds_images_and_mixed_inputs() -> None:
    """By the text that stands for them."""
    mixed = {"content": [{"type": "text", "text": "a "}, {"type": "text", "text": "b"}]}
    body = {"model": "m", "images": ["data:x"], "inputs": [mixed], "output_dimension": 16}

    answer = json.loads(render(f"{COHERE}/v2/embed", body, Reply(usage=Usage())).body)

    assert answer["embeddings"]["float"] == [text_vector("data:x", 16), text_vector("a b", 16)]


def test_vertex_shares_the_tokens_out() -> None:
    """What is left over counts for the first text."""
    url = f"{VERTEX}/models/text-embedding-005:predict"
    body = {
        "instances": [{"content": "a"}, {"content": "b"}],
        "parameters": {"outputDimensionality": 4},
    }

    predictions = json.loads(render(url, body, Reply(usage=Usage(5))).body)["predictions"]

    counts = [one["embeddings"]["statistics"]["token_count"] for one in predictions]
    assert counts == [3, 2]
    assert len(predictions[0]["embeddings"]["values"]) == 4


def test_vertex_may_be_asked_nothing() -> None:
    """Then it answers nothing."""
    url = f"{VERTEX}/models/text-embedding-005:predict"

    assert json.loads(render(url, {}, Reply(usage=Usage(5))).body) == {"predictions": []}


def test_embeddings_on_bedrock_may_be_asked_for_as_a_stream() -> None:
    """They come in one event."""
    url = f"{BEDROCK}/amazon.titan-embed-text-v2%3A0/invoke-with-response-stream"

    rendered = render(url, {"inputText": "a"}, Reply(usage=Usage(5)))

    assert len(rendered.pieces) == 1
