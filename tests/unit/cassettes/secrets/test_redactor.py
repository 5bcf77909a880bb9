"""What is recorded holds no secret, and is otherwise what it was."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING
from zlib import crc32

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.cassettes.secrets.messages import EVENTS, JSON, answered, asked, exchange
from tests.unit.redaction.corpus import KEYS, ORDINARY

from understudy.cassettes import Interaction, RecordedError
from understudy.cassettes._document import document_of
from understudy.cassettes.secrets import RedactionRules, SecretsRedactor, read_redaction
from understudy.cassettes.view import LlmView
from understudy.providers import default_apis
from understudy.redaction import REDACTED
from understudy.wire.streams import framing_of
from understudy.wire.writing import CHUNK_FRAMES, EVENT_FRAMES

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "sk-proj-Planted0123456789abcdefXYZ"
GATEWAY_KEY = "gw-planted-77aa88bb99cc"
CHAT = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}


def chat(text: str) -> bytes:
    return json.dumps({**CHAT, "messages": [{"role": "user", "content": text}]}).encode()


def answer(text: str) -> bytes:
    choice = {"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return json.dumps({"model": "gpt-4o", "choices": [choice]}).encode()


def events(*texts: str) -> bytes:
    deltas = [json.dumps({"choices": [{"delta": {"content": text}}]}) for text in texts]
    return "".join(f"data: {each}\n\n" for each in [*deltas, "[DONE]"]).encode()


def multipart(name: str, value: str) -> bytes:
    part = f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
    return f"--b\r\n{part}--b--\r\n".encode()


GZIPPED = (("content-type", "application/json"), ("content-encoding", "gzip"))
FORM = (("content-type", "application/x-www-form-urlencoded"),)
PLACES: dict[str, Callable[[str], Interaction]] = {
    "authorization": lambda key: exchange(
        asked(headers=(*JSON, ("Authorization", f"Bearer {key}"))), answered()
    ),
    "x-api-key": lambda key: exchange(asked(headers=(*JSON, ("X-Api-Key", key))), answered()),
    "unknown header": lambda key: exchange(asked(headers=(("x-company", key),)), answered()),
    "allowed header": lambda key: exchange(
        asked(), answered(headers=(*JSON, ("location", f"https://h/?a=1&key={key}")))
    ),
    "query": lambda key: exchange(asked(url=f"https://h/v1/models/m:x?key={key}"), answered()),
    "cookie": lambda key: exchange(asked(headers=(*JSON, ("Cookie", f"s={key}"))), answered()),
    "set-cookie": lambda key: exchange(asked(), answered(headers=(("Set-Cookie", f"s={key}"),))),
    "organisation": lambda key: exchange(
        asked(headers=(("OpenAI-Organization", key),)),
        answered(headers=(("openai-organization", key), ("openai-project", key))),
    ),
    "JSON key": lambda key: exchange(asked(json.dumps({"api_key": key}).encode()), answered()),
    "JSON in JSON": lambda key: exchange(
        asked(json.dumps({"arguments": json.dumps({"client_secret": key})}).encode()), answered()
    ),
    "form": lambda key: exchange(
        asked(f"a=1&client_secret={key}".encode(), headers=FORM), answered()
    ),
    "multipart": lambda key: exchange(
        asked(multipart("api_key", key), headers=(("content-type", "multipart/form-data"),)),
        answered(),
    ),
    "XML": lambda key: exchange(
        asked(), answered(f"<SecretAccessKey>{key}</SecretAccessKey>".encode(), headers=())
    ),
    "echo in the answer": lambda key: exchange(
        asked(headers=(("authorization", f"Bearer {key}"),)),
        answered(answer(f"no such key: {key}")),
    ),
    "echo in a gzipped answer": lambda key: exchange(
        asked(headers=(("authorization", f"Bearer {key}"),)),
        answered(gzip.compress(answer(f"no such key: {key}")), headers=GZIPPED),
    ),
    "echo in an event": lambda key: exchange(
        asked(headers=(("x-api-key", key),)),
        answered(events("the key", f" is {key}."), headers=EVENTS),
    ),
    "echo in pieces of events": lambda key: exchange(
        asked(headers=(("x-api-key", key),)),
        answered(events(*(key[at : at + 5] for at in range(0, len(key), 5))), headers=EVENTS),
    ),
    "error": lambda key: exchange(
        asked(headers=(("x-api-key", key),)),
        replace(answered(), error=RecordedError(kind="reset", text=f"with {key}")),
    ),
    "extra": lambda key: exchange(replace(asked(), extra={"note": {"api_key": key}}), answered()),
}
KNOWN_SHAPE: dict[str, Callable[[str], Interaction]] = {
    "prompt": lambda key: exchange(asked(chat(f"my key\n{key}")), answered()),
    "answer": lambda key: exchange(asked(), answered(answer(f"Use {key}"))),
    "gzipped answer": lambda key: exchange(
        asked(), answered(gzip.compress(answer(key)), headers=GZIPPED)
    ),
    "event": lambda key: exchange(asked(), answered(events("a", key), headers=EVENTS)),
    "pieces of events": lambda key: exchange(
        asked(), answered(events(key[:9], key[9:20], key[20:]), headers=EVENTS)
    ),
}


@pytest.mark.parametrize("place", [*PLACES, *KNOWN_SHAPE])
def test_a_planted_key_of_known_shape_is_nowhere(place: str) -> None:
    """Not in the document, nor in its view."""
    recorded = {**PLACES, **KNOWN_SHAPE}[place](KEY)

    clean = SecretsRedactor().recorded(recorded)

    written = yaml.safe_dump([document_of(clean), LlmView(default_apis())(clean)], width=10_000)
    assert "Planted" not in written
    assert KEY[12:20] not in written


def test_every_shape_of_key_is_taken_out_of_a_conversation() -> None:
    """And what merely looks like one stays."""
    redactor = SecretsRedactor()

    for kind, key in KEYS.items():
        found: Counter[str] = Counter()
        clean = redactor.request(asked(chat(f"with {key}")), found)
        assert json.loads(clean.body)["messages"][0]["content"] == f"with {REDACTED}", kind
        assert found == {kind: 1}
    for text in ORDINARY:
        assert redactor.request(asked(chat(text))).body == chat(text)


@pytest.mark.parametrize("place", PLACES)
def test_a_key_of_any_form_is_known_by_its_place(place: str) -> None:
    """A gateway's own key has no known shape."""
    clean = SecretsRedactor().recorded(PLACES[place](GATEWAY_KEY))

    assert "77aa" not in yaml.safe_dump(document_of(clean), width=10_000)


@pytest.mark.parametrize("place", [*PLACES, *KNOWN_SHAPE])
def test_a_key_in_the_environment_is_known_by_its_value(place: str) -> None:
    """Wherever it stands."""
    redactor = SecretsRedactor(environment={"GATEWAY_TOKEN": GATEWAY_KEY})

    clean = redactor.recorded({**PLACES, **KNOWN_SHAPE}[place](GATEWAY_KEY))

    assert "77aa" not in yaml.safe_dump(document_of(clean), width=10_000)


@pytest.mark.parametrize("place", [*PLACES, *KNOWN_SHAPE])
def test_what_is_redacted_stays_as_it_is(place: str) -> None:
    """A stored request is redacted again before it is compared."""
    redactor = SecretsRedactor()
    clean = redactor.recorded({**PLACES, **KNOWN_SHAPE}[place](KEY))

    assert redactor.recorded(clean) == clean


def test_requests_that_differ_in_secrets_only_are_the_same() -> None:
    """So that a cassette answers whoever has another key, or a dummy."""
    one, other = "sk-proj-" + "1a" * 20, "sk-proj-" + "2b" * 30
    redactor = SecretsRedactor()

    cleaned = [
        redactor.request(
            asked(
                chat(f"with {key}"),
                url=f"https://h/p?key={key}&alt=sse",
                headers=(*JSON, ("authorization", f"Bearer {key}")),
            )
        )
        for key in (one, other)
    ]

    assert cleaned[0] == cleaned[1]
    assert cleaned[0].url == "https://h/p?alt=sse"
    assert cleaned[0].headers == JSON


def test_an_address_can_be_taken_apart_again() -> None:
    """User and password go with the secret parameters; what is left is an address."""
    redactor = SecretsRedactor()

    url = redactor.url("https://user:hunter22@host:8443/v1/a@b?x=1&api_key=q#part")

    assert url == "https://host:8443/v1/a@b?x=1#part"
    assert redactor.url(url) == url


def test_a_clean_body_is_the_very_same() -> None:
    """Odd spaces, order and escapes stay."""
    body = b'{"b" :1,\t"a":"\\u00e9 \xff", "max_tokens":  5, "logprobs":[{"token": "Hello"}]}\n'

    clean = SecretsRedactor().request(asked(body))

    assert clean.body is body


def test_only_the_secret_is_replaced() -> None:
    """Every other byte of a body stays."""
    body = b'{"x":  "a\\n%b b" , "api_key" : "z9" ,"n":1e3}'

    clean = SecretsRedactor().request(asked(body % KEY.encode()))

    assert clean.body == b'{"x":  "a\\n[redacted] b" , "api_key" : "[redacted]" ,"n":1e3}'


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ('a"b', r"{\"api_key\": \"[redacted]\", \"city\": \"x\"}"),
        ("a\\", r"{\"api_key\": \"[redacted]\", \"city\": \"x\"}"),
        ('\\"', r"{\"api_key\": \"[redacted]\", \"city\": \"x\"}"),
    ],
)
def test_json_in_json_is_cut_at_its_own_quotes(value: str, written: str) -> None:
    """Whatever the secret escapes."""
    inner = json.dumps({"api_key": "q1w2e3r4t5" + value, "city": "x"})

    clean = SecretsRedactor().request(asked(json.dumps({"arguments": inner}).encode()))

    assert clean.body.decode() == f'{{"arguments": "{written}"}}'


def test_words_that_a_model_makes_up_stay() -> None:
    """A tool that takes a password gets one from the story, and the next request depends on it."""
    body = answer("") + json.dumps({"arguments": '{"password": "mellon"}'}).encode()

    assert SecretsRedactor().response(answered(body)).body == body


def test_no_event_is_added_or_lost() -> None:
    """Timing is kept by the number of the event."""
    body = events("a ", KEY, " ", KEY[:9], KEY[9:], " b")

    clean = SecretsRedactor().response(answered(body, headers=EVENTS)).body

    assert clean.count(b"\n\n") == body.count(b"\n\n")
    texts = [
        json.loads(line[6:])["choices"][0]["delta"]["content"]
        for line in clean.decode().split("\n\n")[:-2]
    ]
    assert texts == ["a ", REDACTED, " ", REDACTED, "", " b"]


@pytest.mark.parametrize("frames", [EVENT_FRAMES.frame, CHUNK_FRAMES.frame])
def test_frames_are_whole_after_it(frames: Callable[..., tuple[object, ...]]) -> None:
    """Bedrock's client checks lengths and checksums."""
    text = json.dumps({"delta": {"text": f"say {KEY}"}})
    pieces = frames([(0, "contentBlockDelta", text), (0, "messageStop", '{"stopReason":"x"}')])
    body = b"".join(piece.data for piece in pieces)  # type: ignore[attr-defined]

    clean = SecretsRedactor().response(answered(body, headers=())).body

    splitter = framing_of(clean)
    assert splitter is not None
    whole = splitter().feed(clean)
    assert [event for each in whole for event in splitter().events(each)]
    assert len(whole) == 2
    assert all(crc32(each[:-4]).to_bytes(4, "big") == each[-4:] for each in whole)
    assert KEY.encode() not in clean
    assert f"say {REDACTED}" in str([splitter().events(each) for each in whole])


def test_what_nothing_can_decode_stays_encoded() -> None:
    """A body that cannot be read is not lost."""
    headers = (("content-encoding", "br"), ("content-type", "application/json"))
    broken = answered(b"\x8b\x01\x02", headers=headers)

    clean = SecretsRedactor().response(broken)

    assert clean.body == broken.body
    assert ("content-encoding", "br") in clean.headers


def test_headers_that_a_client_needs_stay() -> None:
    """Content type, retry-after and rate limits; the rest changes with every call."""
    headers = (
        ("Content-Type", "application/json"),
        ("retry-after", "3"),
        ("x-ratelimit-remaining-tokens", "100"),
        ("x-request-id", "req_0123456789"),
        ("cf-ray", "1"),
        ("date", "today"),
    )

    clean = SecretsRedactor().response(answered(headers=headers))

    assert clean.headers == headers[:4]


def test_what_was_taken_out_is_counted_by_kind() -> None:
    """For the command that cleans old files."""
    headers = (*JSON, ("Cookie", "a=b"), ("User-Agent", "x"), ("openai-project", "proj_x"))
    found: Counter[str] = Counter()

    SecretsRedactor().recorded(
        exchange(asked(chat(KEY), url="https://h/?key=a&b=1", headers=headers), answered()), found
    )

    assert found == {
        "OpenAI key": 1,
        "query parameter": 1,
        "cookie": 1,
        "organisation or project id": 1,
        "header that is not on the list": 1,
    }


def redact_badges(text: str) -> str:
    return text.replace("badge 7", "badge [redacted]")


def test_the_users_own_rules() -> None:
    """Names, patterns, functions, and names that are none after all."""
    table = {
        "keys": ["badge-number"],
        "keep": ["access_token"],
        "patterns": [r"EMP-(\d+)"],
        "redactors": [f"{__name__}:redact_badges"],
    }
    rules = read_redaction(table, where="pyproject.toml")
    body = b'{"badgeNumber": "x", "access_token": "y", "text": "EMP-42, badge 7"}'

    clean = SecretsRedactor(rules).request(asked(body))

    assert clean.body == (
        b'{"badgeNumber": "[redacted]", "access_token": "y",'
        b' "text": "EMP-[redacted], badge [redacted]"}'
    )


def test_the_fingerprint_tells_rules_apart() -> None:
    """An index made by other rules is not used."""
    plain = SecretsRedactor()
    other = [
        SecretsRedactor(RedactionRules(keys=frozenset({"a"}))),
        SecretsRedactor(RedactionRules(redactors=(redact_badges,))),
        SecretsRedactor(environment={"GATEWAY_TOKEN": GATEWAY_KEY}),
    ]

    assert plain.fingerprint == SecretsRedactor().fingerprint
    assert len({plain.fingerprint, *(each.fingerprint for each in other)}) == 4
    assert GATEWAY_KEY not in other[2].fingerprint


@given(st.binary(max_size=300), st.sampled_from(["", "text/event-stream", "multipart/form-data"]))
def test_any_body_is_taken_and_stays_clean(body: bytes, kind: str) -> None:
    """Bytes of any kind neither raise nor change a second time."""
    redactor = SecretsRedactor()

    clean = redactor.response(answered(body, headers=(("content-type", kind),)))

    assert redactor.response(clean) == clean


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=20,
))  # fmt: skip
def test_json_stays_json(value: object) -> None:
    """Also with a secret in the midst of it."""
    body = json.dumps({"api_key": KEY, "value": value, "inner": json.dumps({"password": KEY})})

    clean = SecretsRedactor().request(asked(body.encode()))

    told = json.loads(clean.body)
    assert told["api_key"] == REDACTED
    assert json.loads(told["inner"]) == {"password": REDACTED}
