"""Which requests are the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.cassettes import Matching, RecordedRequest
from understudy.cassettes.matching import KeyMaker
from understudy.errors import SettingsError, UnknownNameError

JSON: dict[str, Any] = {"model": "gpt-5", "messages": [{"role": "user", "content": "Hello"}]}
JSON_HEADERS = (("Content-Type", "application/json"),)


def request(
    body: Any = JSON,
    url: str = "https://api.test/v1/chat",
    *,
    method: str = "POST",
    headers: tuple[tuple[str, str], ...] = JSON_HEADERS,
) -> RecordedRequest:
    """Build a request; a body that is no text or bytes becomes JSON."""
    raw = json.dumps(body) if not isinstance(body, str | bytes) else body
    data = raw.encode() if isinstance(raw, str) else raw
    return RecordedRequest(method=method, url=url, headers=headers, body=data)


def same(one: RecordedRequest, other: RecordedRequest, **matching: Any) -> bool:
    """Tell whether both get one exact key."""
    keys = KeyMaker(Matching(**matching))
    return keys.keys(one).exact == keys.keys(other).exact


def alike(one: Any, other: Any, **matching: Any) -> bool:
    """Tell whether both bodies get one loose key."""
    keys = KeyMaker(Matching(**matching))
    return keys.keys(request(one)).loose == keys.keys(request(other)).loose


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a": 1, "b": [1, 2]}', '{"b":[1,2],"a":1}'),
        ('{"a": 1.0}', '{"a": 1}'),
        ('{"a": 1e2}', '{"a": 100}'),
        ('{"a": "\\u00e9"}', '{"a": "é"}'),
        ("b=2&a=1", "b=2&a=1"),
    ],
)
def test_the_form_of_a_body_does_not_matter(one: str, other: str) -> None:
    """Key order, number forms, escapes."""
    assert same(request(one), request(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a": 1}', '{"a": true}'),
        ('{"a": 1}', '{"a": "1"}'),
        ('{"a": [1, 2]}', '{"a": [2, 1]}'),
        ('{"a": null}', "{}"),
        ('{"a": 0.1}', '{"a": 0.2}'),
        ("{", "{ "),
        ("a", "b"),
        (b"\xff", b"\xfe"),
    ],
)
def test_another_body_is_another_request(one: str | bytes, other: str | bytes) -> None:
    """Whatever it is made of."""
    assert not same(request(one), request(other))


def test_a_number_too_long_to_read_is_compared_as_text() -> None:
    """As is JSON that is nested too deeply."""
    long, deep = '{"a": ' + "1" * 5000 + "}", "[" * 100_000

    assert same(request(long), request(long))
    assert not same(request(deep), request(deep[1:]))


def test_a_form_is_compared_without_its_order() -> None:
    """When its header says that it is one."""
    form = (("content-type", "application/x-www-form-urlencoded"),)

    assert same(request("a=1&b=2", headers=form), request("b=2&a=1", headers=form))


def test_the_boundary_of_a_multipart_body_does_not_matter() -> None:
    """Each request draws its own."""

    def upload(boundary: str) -> RecordedRequest:
        headers = (("Content-Type", f'multipart/form-data; boundary="{boundary}"'),)
        return request(f"--{boundary}\r\nfile\r\n--{boundary}--", headers=headers)

    assert same(upload("abc"), upload("xyz"))


@pytest.mark.parametrize(
    "url",
    [
        "https://other.test/v1/chat",
        "https://api.test/v1/responses",
        "https://api.test/v1/chat?version=2",
        "https://api.test/v1/chat?alt=sse",
    ],
)
def test_another_address_is_another_request(url: str) -> None:
    """Host, path or query."""
    assert not same(request(), request(url=url))


@pytest.mark.parametrize(
    "url",
    [
        "https://API.test/v1/chat",
        "http://api.test:8080/v1/chat",
        "https://api.test/v1/chat?key=secret",
        "https://api.test/v1/chat?Api-Key=secret",
    ],
)
def test_scheme_port_and_secrets_of_an_address_do_not_matter(url: str) -> None:
    """Unless the matching names them."""
    assert same(request(), request(url=url))


def test_another_method_is_another_request() -> None:
    """In any case."""
    assert not same(request(), request(method="PUT"))
    assert same(request(), request(method="post"))


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("scheme", request(url="http://api.test/v1/chat")),
        ("port", request(url="https://api.test:444/v1/chat")),
        ("uri", request(url="https://api.test/v1/chat?a=1")),
        ("url", request(url="https://api.test:443/v1/chat")),
        ("headers", request(headers=(("accept", "a"),))),
        ("raw_body", request(json.dumps(JSON, indent=1))),
    ],
)
def test_vcrpys_words_are_compared_where_they_are_named(word: str, other: RecordedRequest) -> None:
    """And only there."""
    assert not same(request(), other, match_on=(word,))
    assert same(request(), other, match_on=("method",))


@pytest.mark.parametrize(
    ("streaming", "plain"),
    [
        (request({**JSON, "stream": True}), request({**JSON, "stream": False})),
        (request(url="https://a.test/m:streamGenerateContent"), request(url="https://a.test/m:x")),
        (request(url="https://a.test/m?alt=sse"), request(url="https://a.test/m?")),
        (request(url="https://a.test/model/m/converse-stream"), request(url="https://a.test/")),
    ],
)
def test_a_stream_never_answers_what_is_none(
    streaming: RecordedRequest, plain: RecordedRequest
) -> None:
    """Whatever else is compared."""
    assert not same(streaming, plain, match_on=("method",))
    assert not same(streaming, plain, ignore_body=("stream",), match_on=("body",))


@pytest.mark.parametrize(
    ("paths", "one", "other"),
    [
        (("user",), {"a": 1, "user": "x"}, {"a": 1}),
        (("a.b",), {"a": {"b": 1, "c": 2}}, {"a": {"c": 2}}),
        (("a.*.id",), {"a": [{"id": 1, "t": 2}]}, {"a": [{"id": 9, "t": 2}]}),
        (("**.id",), {"id": 1, "a": [{"b": {"id": 2}}]}, {"a": [{"b": {}}]}),
        (("a.*",), {"a": [1, 2]}, {"a": []}),
        (("a.**",), {"a": {"b": 1}}, {"a": {}}),
    ],
)
def test_ignorable_keys_are_passed_over(paths: tuple[str, ...], one: Any, other: Any) -> None:
    """By their dotted path, with stars."""
    assert same(request(one), request(other), ignore_body=paths)
    assert not same(request(one), request(other))


def test_what_no_path_names_is_compared() -> None:
    """A path without a star goes down from the top."""
    assert not same(request({"a": {"id": 1}}), request({"a": {"id": 2}}), ignore_body=("id",))


def test_ignorable_names_in_the_query_are_passed_over() -> None:
    """In any case."""
    one, other = request(url="https://a.test/?Trace=1"), request(url="https://a.test/?trace=2")

    assert same(one, other, ignore_query=("TRACE",))


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("dates", "on 2026-11-20", "on 2025-01-02"),
        ("dates", "at 2026-11-20T13:10:51Z.", "at 2025-01-02T03:04:05.678+01:00."),
        ("dates", "Today is Friday, November 20, 2026.", "Today is Monday, May 4, 2026."),
        ("dates", "20 Nov 2026 13:10", "3 September 2025 01:02"),
        ("uuids", "b0a1c2d3-0000-4000-8000-000000000001", "ffffffff-0000-4000-8000-00000000000a"),
        ("ids", "call_abcdefgh12345", "call_zyxwvuts98765"),
        ("ids", "toolu_01A09q90qw90lq917835lq9", "toolu_01D7FLrfh4GYq7yT1ULFeyMV"),
    ],
)
def test_normalisers_pass_over_what_differs_from_run_to_run(
    name: str, one: str, other: str
) -> None:
    """Where they are asked for."""
    assert alike([one], [other], normalise=(name,))
    assert not alike([one], [other])


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("dates", "in 2026", "in 2025"),
        ("dates", "version 1.2.3", "version 1.2.4"),
        ("uuids", "deadbeef", "deadbeee"),
        ("ids", "call_me", "call_you"),
    ],
)
def test_normalisers_leave_the_rest(name: str, one: str, other: str) -> None:
    """A year, a version, a word."""
    assert not alike([one], [other], normalise=(name,))


def test_the_users_patterns_are_normalised_too() -> None:
    """Under names of their own."""
    assert alike(["build-17"], ["build-18"], patterns={"build": r"build-\d+"})


def test_a_normalised_key_keeps_the_exact_one() -> None:
    """So that an equal recording is preferred."""
    keys = KeyMaker(Matching(normalise=("dates",)))

    assert keys.keys(request(["2026-11-20"])).exact != keys.keys(request(["2025-11-20"])).exact


@pytest.mark.parametrize(
    ("matching", "error", "word"),
    [
        ({"match_on": ("boddy",)}, UnknownNameError, "body"),
        ({"normalise": ("date",)}, UnknownNameError, "dates"),
        ({"patterns": {"a": "("}}, SettingsError, "regular expression"),
    ],
)
def test_what_is_wrong_with_a_matching_is_said(
    matching: dict[str, Any], error: type[Exception], word: str
) -> None:
    """With the nearest name."""
    with pytest.raises(error, match=word):
        KeyMaker(Matching(**matching))


def test_the_fingerprint_tells_matchings_apart() -> None:
    """What was kept for one is not taken for another's."""
    prints = {
        KeyMaker(Matching(**matching)).fingerprint
        for matching in (
            {},
            {"match_on": ("method",)},
            {"ignore_body": ("a",)},
            {"ignore_query": ("a",)},
            {"normalise": ("dates",)},
            {"patterns": {"a": "b"}},
        )
    }

    assert len(prints) == 6
    assert KeyMaker(Matching(allow_playback_repeats=True)).fingerprint in prints


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abc"), inner),
    )
)
def test_any_json_matches_itself_in_another_form(value: Any) -> None:
    """Indented, unsorted, escaped or not."""
    body = [value]

    assert same(request(json.dumps(body)), request(json.dumps(body, indent=2, ensure_ascii=False)))


@pytest.mark.parametrize(
    ("matching", "changed"),
    [
        ({"match_on": ("method", "path")}, True),
        ({"match_on": ("method", "path"), "ignore_body": ("messages",)}, False),
        ({"match_on": ("method", "path"), "patterns": {"word": "Hello|Goodbye"}}, False),
        ({"match_on": ("method", "body")}, False),
        ({"match_on": ("raw_body",)}, False),
        ({"match_on": ("mine",), "matchers": {"mine": lambda *_: True}}, False),
    ],
    ids=["no body", "ignored", "normalised", "body", "raw body", "a matcher of one's own"],
)
def test_another_body_is_seen_where_nothing_compares_it(
    matching: dict[str, Any], *, changed: bool
) -> None:
    """What is passed over on purpose is no change; what is compared cannot be one."""
    keys = KeyMaker(Matching(**matching))
    longer = JSON | {"messages": [{"role": "user", "content": "Goodbye"}]}

    assert keys.asks_otherwise(request(longer), request()) is changed
    assert not keys.asks_otherwise(request(), request())
