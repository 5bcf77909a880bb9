"""The registry of codecs."""

from __future__ import annotations

import gzip
import json
import zlib
from functools import partial
from typing import TYPE_CHECKING, Any

import brotli
import pytest
import zstandard

from understudy import read_exchange
from understudy.calls import Operation, Request, Response
from understudy.providers import default_apis
from understudy.wire import Asked, Draft, Landmarks, Peek, Target

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CHAT = "https://api.openai.com/v1/chat/completions"
ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}
#: All that an API may look for in a body.
WORDS = ("model", "messages", "input", "prompt", "texts", "max_tokens_to_sample")
#: Addresses that a host which nobody knows may have for anything, and a model's answer there.
ANSWERS: dict[str, dict[str, Any]] = {
    "/v1/messages": {"type": "message", "usage": {"input_tokens": 1, "output_tokens": 1}},
    "/v1/responses": {"object": "response", "model": "m", "usage": None},
    "/v1/completions": {"choices": [{"text": "x", "finish_reason": "stop"}]},
    "/v1/embeddings": {"data": [], "usage": {"prompt_tokens": 1, "total_tokens": 1}},
    "/v1/interactions": {"model": "m", "outputs": []},
    "/v1/complete": {"completion": "x", "stop_reason": "stop_sequence"},
    "/api/chat": {"model": "m", "done": True, "eval_count": 1, "prompt_eval_count": 1},
    "/api/generate": {"model": "m", "done": True, "done_reason": "stop"},
    "/api/embed": {"model": "m", "embeddings": []},
    "/v2/chat": {"finish_reason": "COMPLETE"},
    "/v2/embed": {"meta": {"billed_units": {"input_tokens": 1}}},
}


class CompanyCodec:
    """A codec of somebody's own; every method fails where it is told to."""

    wire_api = "company.ask"
    operation = Operation.CHAT
    landmarks: Landmarks | None = None

    def __init__(self, *failing: str) -> None:
        self.failing = failing

    def _fail(self, where: str) -> None:
        if where in self.failing:
            raise RuntimeError(where)

    def matches(self, target: Target, peek: Peek) -> bool:
        """Match one path."""
        self._fail("matches")
        return target.path.endswith("/ask")

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:
        """Read the model."""
        self._fail("asked")
        return Asked(body.get("m"))

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read the model that answered."""
        draft.response_model = answer.get("m")
        self._fail("read_answer")

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read nothing."""
        self._fail("read_event")

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Say yes."""
        self._fail("has_content")
        return True


def post(url: str, body: bytes = b"{}") -> Request:
    """Return a POST."""
    return Request("POST", url, {}, body)


def test_a_call_is_recognised_by_its_address() -> None:
    """With provider and codec."""
    recognised = default_apis().recognise(post(CHAT))

    assert recognised is not None
    assert (recognised.provider, recognised.api.wire_api) == ("openai", "openai.chat")
    assert recognised.target.host == "api.openai.com"


def test_the_method_may_be_in_any_case() -> None:
    """google-genai asks aiohttp for `post`."""
    assert default_apis().recognise(Request("post", CHAT, {}, b"")) is not None


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", CHAT, {}, b""),
        post("https://api.openai.com/v1/files"),
        post("https://api.anthropic.com/v1/messages/count_tokens"),
        post("https://example.com/"),
        post("http://["),
    ],
)
def test_what_asks_no_model_is_no_call(request_: Request) -> None:
    """Lists, files, counts, other hosts, nonsense."""
    apis = default_apis()

    assert apis.recognise(request_) is None
    assert apis.recognise(request_) is None


def test_what_the_address_decides_is_remembered() -> None:
    """The same object comes back."""
    apis = default_apis()

    assert apis.recognise(post(CHAT)) is apis.recognise(post(CHAT, b"other"))


def test_what_the_body_decides_is_not_remembered() -> None:
    """The next body may be another."""
    apis = default_apis()
    url = "http://testserver/v1/messages"

    assert apis.recognise(post(url, b'{"model":1,"messages":[]}')) is not None
    assert apis.recognise(post(url)) is None


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
@pytest.mark.parametrize("path", ANSWERS)
def test_a_compressed_body_decides_as_a_plain_one(
    path: str, encode: Callable[[bytes], bytes]
) -> None:
    """At a host that nobody knows, for each API whose address others may have."""
    encoding = next(name for name, one in ENCODINGS.items() if one is encode)
    apis, url = default_apis(), f"http://127.0.0.1:4000{path}"
    plain = json.dumps(dict.fromkeys(WORDS, "x" * 30)).encode()
    compressed = Request("POST", url, {"content-encoding": encoding}, encode(plain))

    found = apis.recognise(compressed)

    assert found is not None
    assert found == apis.recognise(post(url, plain))
    assert apis.recognise(Request("POST", url, compressed.headers, encode(b'{"a": 1}'))) is None


@pytest.mark.parametrize("body", [b"", b"\x0bnobody undoes this"], ids=["no body", "no decoder"])
@pytest.mark.parametrize(("path", "answer"), ANSWERS.items(), ids=ANSWERS)
def test_where_no_body_is_at_hand_the_answer_decides(
    path: str, answer: dict[str, Any], body: bytes
) -> None:
    """A model's has usage, a model or a reason to finish; that of others, or an error, has none."""
    exchange = partial(
        read_exchange,
        method="POST",
        url=f"http://127.0.0.1:4000{path}",
        request_headers={"content-encoding": "br"},
        request_body=body,
    )
    refused = {"error": {"message": "busy"}}

    assert exchange(status=200, response_body=json.dumps(answer)).operation is not None
    assert exchange(status=200, response_body='{"id": 5, "text": "hi"}').operation is None
    assert exchange(status=429, response_body=json.dumps(refused)).operation is None


def test_the_memory_is_bounded() -> None:
    """Addresses may hold anything."""
    apis = default_apis()

    for number in range(2000):
        apis.recognise(post(f"https://example.com/{number}"))

    assert len(apis._known) <= 512


def test_codecs_of_others_are_asked_first() -> None:
    """Also for what ours would take; ours stand as they were."""
    ours = default_apis()
    theirs = ours.with_apis(CompanyCodec())
    request = post("https://company.test/ask", b'{"m": "a"}')

    recognised = theirs.recognise(request)

    assert recognised is not None
    assert recognised.asked(request) == Asked("a")
    assert theirs.ordered[1:] == ours.ordered
    assert ours.recognise(request) is None


def test_a_codec_that_fails_to_match_matches_nothing() -> None:
    """The next ones are asked."""
    apis = default_apis().with_apis(CompanyCodec("matches"))

    recognised = apis.recognise(post(CHAT))

    assert recognised is not None
    assert recognised.api.wire_api == "openai.chat"


@pytest.mark.parametrize("where", ["asked", "read_answer", "read_event"])
def test_a_codec_that_fails_to_read_has_read_what_it_set(where: str) -> None:
    """Nothing is raised."""
    apis = default_apis().with_apis(CompanyCodec(where))
    url = "https://company.test/ask"
    body = b'data: {"m": "a"}\n\n' if where == "read_event" else b'{"m": "a"}'

    read = apis.read(post(url, b'{"m": "b"}'), Response(200, {}, body))

    assert read.wire_api == "company.ask"
    assert read.request_model == (None if where == "asked" else "b")
    assert read.response_model == (None if where == "read_event" else "a")


def test_a_codec_that_fails_to_watch_sees_no_content() -> None:
    """And is not asked again."""
    apis = default_apis().with_apis(CompanyCodec("has_content"))
    recognised = apis.recognise(post("https://company.test/ask"))
    assert recognised is not None
    watcher = recognised.watcher({})

    assert not watcher.feed(b'data: {"a": 1}\n\n')
    assert not watcher.feed(b'data: {"a": 1}\n\n')


def test_a_skimmed_answer_has_all_but_its_content() -> None:
    """Telemetry wants no text, and pays for none."""
    recognised = default_apis().recognise(post(CHAT))
    assert recognised is not None
    answer = Response(200, {}, b'{"choices": [{"message": {"content": "A"}}], "id": "c"}')

    skimmed = recognised.skim(post(CHAT), answer)
    full = recognised.read(post(CHAT), answer)

    assert (skimmed.content, full.text) == (None, "A")
    assert skimmed.response_id == full.response_id == "c"


def test_read_exchange_takes_what_people_have() -> None:
    """Texts or bytes, names in any case, lists of values, nothing at all."""
    read = read_exchange(
        method="post",
        url=CHAT,
        request_headers={b"X": [b"a", "b"]},  # type: ignore[dict-item]
        request_body='{"model": "m"}',
        status=200,
        response_headers={"Content-Type": ["text/event-stream"]},
        response_body=None,
    )

    assert (read.request_model, read.stream, read.complete) == ("m", True, False)


def test_read_exchange_takes_codecs_of_others() -> None:
    """As a registry."""
    read = read_exchange(
        method="POST",
        url="https://company.test/ask",
        status=200,
        response_body=b"{}",
        codecs=default_apis().with_apis(CompanyCodec()),
    )

    assert read.wire_api == "company.ask"
