"""What a gateway says to requests of any kind, asked over ASGI."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.answering import APIS
from tests.support.gateways import Got, Mocked, ask

from understudy.gateway import Door, _wire

CHAT = "/openai/v1/chat/completions"
USER = [{"role": "user", "content": "Hello"}]
ASKED = json.dumps({"model": "m", "messages": USER}).encode()


def _ask(mocked: Mocked, path: str, body: bytes = ASKED, **more: Any) -> Got:
    return asyncio.run(ask(mocked.gateway, path, body, **more))


def _mocked(**options: Any) -> Mocked:
    mocked = Mocked(**options)
    mocked.mock.reply("Bonjour")
    return mocked


@pytest.mark.parametrize(
    ("path", "body", "wire_api", "provider"),
    [
        ("/v1/chat/completions", {"messages": USER}, "openai.chat", "openai"),
        ("/v1/responses", {}, "openai.responses", "openai"),
        ("/v1/completions", {"prompt": "x"}, "openai.completions", "openai"),
        ("/v1/embeddings", {"input": "x"}, "openai.embeddings", "openai"),
        ("/v1/messages", {"messages": USER}, "anthropic.messages", "anthropic"),
        ("/v1beta/models/g:generateContent", {}, "google.generateContent", "google"),
        ("/model/m/converse", {"messages": []}, "bedrock.converse", "bedrock"),
        ("/model/m/invoke", {"prompt": "x"}, "bedrock.invoke", "bedrock"),
        ("/v2/chat", {"messages": USER}, "cohere.chat.v2", "cohere"),
        ("/api/chat", {"messages": USER}, "ollama.chat", "ollama"),
        ("/completion", {"prompt": "x"}, "llamacpp.completion", "llama.cpp"),
        ("/api/v1/chat", {"input": "x"}, "lmstudio.chat", "lmstudio"),
        ("/azure/openai/deployments/d/chat/completions", {"messages": []}, "openai.chat", "azure"),
        ("/groq/openai/v1/chat/completions", {"messages": USER}, "openai.chat", "groq"),
        ("/vllm/v1/chat/completions", {"messages": USER}, "openai.chat", "vllm"),
        (
            "/vertex/v1/projects/p/locations/l/publishers/google/models/g:generateContent",
            {"contents": []},
            "google.generateContent",
            "vertex",
        ),
    ],
)
def test_a_path_says_who_is_asked(
    path: str, body: dict[str, Any], wire_api: str, provider: str
) -> None:
    """By its prefix, and bare where it fits one API."""
    mocked = _mocked()

    got = _ask(mocked, path, json.dumps({"model": "m", **body}).encode())

    (call,) = mocked.mock.calls
    assert (got.status, call.call.wire_api, call.provider) == (200, wire_api, provider)


@pytest.mark.parametrize("provider", [each.name for each in APIS.providers])
def test_each_provider_has_a_prefix(provider: str) -> None:
    """What is no call there is refused in words that are JSON."""
    got = _ask(Mocked(), f"/{provider}/nothing/here", b"{}")

    assert got.status == 404
    assert "no path of a model" in json.dumps(json.loads(got.body))


@pytest.mark.parametrize(
    ("path", "more", "status", "error"),
    [
        ("/anthropic/v1/messages", {"body": b"[1]"}, 400, {"type": "invalid_request_error"}),
        ("/v1/messages", {"method": "GET"}, 405, {"type": "invalid_request_error"}),
        ("/google/v1/models", {"method": "GET"}, 404, {"status": "NOT_FOUND"}),
        ("/nothing", {"headers": {"anthropic-version": "1"}}, 404, {"type": "not_found_error"}),
        (CHAT, {"body": b'{"model": 1' + b" " * 2000}, 413, {"type": "invalid_request_error"}),
        (CHAT, {"headers": {"host": "evil.example"}}, 403, {"code": "insufficient_permissions"}),
    ],
)
def test_an_error_has_the_shape_of_the_api(
    path: str, more: dict[str, Any], status: int, error: dict[str, str]
) -> None:
    """Whatever is wrong: path, verb, body or name."""
    got = _ask(_mocked(most_body_bytes=1000), path, **more)

    assert got.status == status
    assert json.loads(got.body)["error"].items() >= error.items()
    assert got.headers.get("allow") == ("POST" if status == 405 else None)


def test_a_call_that_no_rule_answers_says_which_one_is_missing() -> None:
    """With a status that no SDK tries again."""
    mocked = Mocked()

    got = _ask(mocked, CHAT)

    assert (got.status, got.headers["x-understudy-error"]) == (404, "unmatched-call")
    assert "mock_llm.on(contains='Hello').reply" in json.loads(got.body)["error"]["message"]
    assert len(mocked.mock.unmatched) == 1


@pytest.mark.parametrize("name", ["authorization", "x-api-key", "api-key", "x-goog-api-key"])
def test_the_token_comes_where_sdks_send_their_keys(name: str) -> None:
    """It is compared whole, goes nowhere from there, and who has none is asked for it."""
    mocked = _mocked(door=Door(b"s3cret-token"))
    seen: list[dict[str, str]] = []
    answer = mocked.tests.answer

    async def watched(call: Any) -> Any:
        seen.append(dict(call.request.headers))
        return await answer(call)

    mocked.tests.answer = watched  # type: ignore[method-assign]
    before = "Bearer " if name == "authorization" else ""
    for key, status in (("s3cret-token", 200), ("s3cret-toke", 401), ("sécret", 401), ("", 401)):
        got = _ask(mocked, CHAT, headers={name: before + key, "host": "gateway.example"})
        assert got.status == status
        assert got.headers.get("www-authenticate") == (None if status == 200 else "Bearer")
        assert b"s3cret" not in got.body

    assert _ask(mocked, CHAT).status == 401
    assert _ask(mocked, "/healthz", method="GET").status == 200
    assert [name in headers for headers in seen] == [False]
    assert "s3cret" not in repr(mocked.door)


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("127.0.0.1:80", True),
        ("[::1]:80", True),
        ("localhost", True),
        ("app.localhost:1", True),
        ("10.0.0.7", True),
        ("", False),
        ("evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("mine.example:9", True),
    ],
)
def test_without_a_token_only_names_of_this_machine_are_answered(
    host: str, *, is_ours: bool
) -> None:
    """A name of somebody else's may have been made to point here."""
    assert (Door(host="mine.example").refusal({"host": host}) is None) is is_ours


def test_each_test_has_a_mock_of_its_own() -> None:
    """By a path segment or a header; the tests used last are kept."""
    mocked = _mocked()
    mocked.tests.mock("one").reply("of one")
    mocked.tests.mock("two").reply("of two")

    assert b"of one" in _ask(mocked, f"/_t/one{CHAT}").body
    assert b"of two" in _ask(mocked, CHAT, headers={"x-understudy-test": "two"}).body
    assert b"Bonjour" in _ask(mocked, CHAT).body
    mocked.tests.tests.most = 3
    mocked.tests.mock("three")
    assert _ask(mocked, f"/_t/one{CHAT}").status == 404


def test_a_server_keeps_the_newest_calls() -> None:
    """However many there are."""
    mocked = _mocked()
    mocked.tests.most_calls = 2
    mocked.tests.forget("")
    mocked.mock.reply("Bonjour")

    for _ in range(3):
        _ask(mocked, CHAT)

    assert [call.call.number for call in mocked.mock.calls] == [2, 3]


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
_KEYS = st.sampled_from(
    [
        *("model", "messages", "input", "contents", "prompt", "tools", "stream", "system", "n"),
        *("max_tokens", "texts", "documents", "response_format", "generationConfig", "text"),
        *("tool_choice", "previous_response_id", "config"),
    ]
)
_PATHS = st.sampled_from(
    [
        *(CHAT, "/openai/v1/responses", "/openai/v1/embeddings", "/openai/v1/images/generations"),
        *("/anthropic/v1/messages", "/google/v1beta/models/g:streamGenerateContent?alt=sse"),
        *("/google/v1beta/models/g:batchEmbedContents", "/bedrock/model/m/converse-stream"),
        *("/bedrock/model/amazon.titan/invoke", "/cohere/v2/chat", "/cohere/v1/embed"),
        *("/ollama/api/chat", "/ollama/api/embed", "/v2/rerank", "/llama.cpp/completion"),
        *("/lmstudio/api/v1/chat", "/mistral/v1/chat/completions", "/google/v1beta/interactions"),
    ]
)
_BODY = st.dictionaries(_KEYS, _JSON, max_size=5).map(json.dumps).map(str.encode)


@given(path=_PATHS, body=st.one_of(_BODY, st.binary(max_size=40)))
def test_no_body_is_too_odd(path: str, body: bytes) -> None:
    """It is answered or refused; nothing is a fault of the gateway's."""
    mocked = _mocked()

    got = _ask(mocked, path, body)

    assert got.status < 500
    assert b"Traceback" not in got.body
    assert mocked.said == []


def test_a_body_that_stops_coming_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces that come in time are joined; who pauses for too long hears of it."""
    monkeypatch.setattr(_wire, "_BODY_PAUSE", 0.05)
    mocked, sent = _mocked(), []

    async def send(message: Any) -> None:
        sent.append(message)

    def scope() -> dict[str, Any]:
        headers = [(b"host", b"127.0.0.1")]
        told = {"path": CHAT, "query_string": b"", "headers": headers}
        return {"type": "http", "method": "POST", **told}

    async def in_pieces(*pieces: bytes, whole: bool) -> int:
        left = list(pieces)

        async def receive() -> dict[str, Any]:
            if not left:
                await asyncio.Event().wait()
            body = left.pop(0)
            return {"type": "http.request", "body": body, "more_body": bool(left) or not whole}

        sent.clear()
        await mocked.gateway(scope(), receive, send)
        status: int = sent[0]["status"]
        return status

    assert asyncio.run(in_pieces(ASKED[:9], ASKED[9:], whole=True)) == 200
    assert asyncio.run(in_pieces(ASKED[:9], whole=False)) == 408
    assert mocked.said == []
