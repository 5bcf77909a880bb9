"""What is written is read back byte for byte, by us and by vcrpy."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import vcr.cassette
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.cassettes.test_yaml import TEXTS

from understudy.cassettes import (
    NO_ANSWER,
    Cassette,
    Interaction,
    Part,
    RecordedError,
    RecordedRequest,
    RecordedResponse,
    Timing,
    load_interactions,
)
from understudy.cassettes._document import document_of, interaction_of

BODIES = st.binary(max_size=80) | TEXTS.map(str.encode) | st.just(b"\xed\xa0\x80 half a character")
TOKENS = st.text(alphabet="abcABC-", min_size=1, max_size=8)
VALUES = st.text(st.characters(max_codepoint=255), max_size=20)
HEADERS = st.lists(st.tuples(TOKENS, VALUES), max_size=4).map(tuple)
MOMENT = datetime(2026, 11, 20, 13, 10, 51, tzinfo=UTC)
REQUEST = RecordedRequest(method="POST", url="https://api.test/v1/x?a=1", body=b"{}")
RESPONSE = RecordedResponse(status=200, reason="OK", body=b"fine", recorded_at=MOMENT)


def grouped(headers: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    """Return the values of each header, names in lower case."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value)
    return found


def save(path: Path, *recorded: Interaction) -> None:
    """Record to a new file."""
    with Cassette.open(path, record_mode="once") as cassette:
        for each in recorded:
            cassette.append(each.request, each.response)


@settings(max_examples=20)
@given(
    request_body=BODIES,
    response_body=BODIES,
    sent=HEADERS,
    came=HEADERS,
    suffix=st.sampled_from([".yaml", ".json", ".yaml.gz"]),
)
def test_an_interaction_is_read_back_byte_for_byte(
    request_body: bytes,
    response_body: bytes,
    sent: tuple[tuple[str, str], ...],
    came: tuple[tuple[str, str], ...],
    suffix: str,
) -> None:
    """Bodies exactly, headers by name."""
    request = RecordedRequest(method="POST", url="https://a.test/", headers=sent, body=request_body)
    response = RecordedResponse(status=200, reason="OK", headers=came, body=response_body)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"cassette{suffix}"

        save(path, Interaction(request, response))

        (read,) = load_interactions(path)
    assert read.request.body == request_body
    assert read.response.body == response_body
    assert grouped(read.request.headers) == grouped(sent)
    assert grouped(read.response.headers) == grouped(came)


@settings(max_examples=20)
@given(request_body=BODIES, response_body=BODIES, came=HEADERS)
def test_vcrpy_reads_the_same(
    request_body: bytes, response_body: bytes, came: tuple[tuple[str, str], ...]
) -> None:
    """Whatever the bodies are."""
    request = RecordedRequest(method="POST", url="https://a.test/", body=request_body)
    response = RecordedResponse(status=200, reason="OK", headers=came, body=response_body)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cassette.yaml"
        save(path, Interaction(request, response))

        theirs = vcr.cassette.Cassette.load(path=str(path))

    assert theirs.requests[0].body == request_body
    assert theirs.responses[0]["body"]["string"] == response_body
    assert {k.lower(): v for k, v in theirs.responses[0]["headers"].items()} == grouped(came)


def test_the_method_is_kept_as_it_is_spelled(tmp_path: Path) -> None:
    """By vcrpy, too: `post` of a client that says so."""
    path = tmp_path / "cassette.yaml"
    request = RecordedRequest(method="post", url="https://a.test/")

    save(path, Interaction(request, RecordedResponse(status=200, reason="OK")))

    (read,) = load_interactions(path)
    assert read.request.method == "post"
    assert vcr.cassette.Cassette.load(path=str(path)).requests[0].method == "post"


def test_everything_that_a_recording_tells_is_read_back() -> None:
    """Timing, how it ended, when it was recorded, what others wrote beside it."""
    response = RecordedResponse(
        status=NO_ANSWER,
        headers=(("retry-after", "3"),),
        timing=Timing(headers_ms=1.0, parts=(Part(2.0, 3),), end_ms=4.0),
        complete=False,
        error=RecordedError(kind="read_timeout", text="timed out", before_head=True),
        recorded_at=MOMENT,
        view={"prompt": "a"},
        extra={"zebra": 1, "ant": [2]},
    )
    recorded = Interaction(
        RecordedRequest(method="GET", url="https://a.test/", extra={"their": "own"}), response
    )

    assert interaction_of(document_of(recorded)) == recorded


def test_extensions_stand_in_the_response() -> None:
    """Where vcrpy and pytest-recording pass over them."""
    document = document_of(Interaction(REQUEST, RESPONSE))

    assert document.keys() == {"request", "response"}
    assert document["response"]["llm_recorded_at"] == "2026-11-20T13:10:51Z"


@pytest.mark.parametrize(
    ("value", "kept"), [("\udcff", "\xff"), ("a\udce9", "a\xe9"), ("\ud800", "?"), ("é", "é")]
)
def test_a_header_that_a_client_could_not_decode_keeps_its_bytes(value: str, kept: str) -> None:
    """As the characters that they are in latin-1."""
    request = RecordedRequest(method="GET", url="https://a.test/", headers=(("x", value),))

    assert document_of(Interaction(request, RESPONSE))["request"]["headers"] == {"x": [kept]}


def test_half_a_character_elsewhere_is_replaced(tmp_path: Path) -> None:
    """A file must be readable above all."""
    save(tmp_path / "a.yaml", Interaction(REQUEST, RecordedResponse(status=200, reason="\ud800")))

    assert load_interactions(tmp_path / "a.yaml")[0].response.reason == "\ufffd"


def test_a_moment_may_be_yaml_own(tmp_path: Path) -> None:
    """Somebody may have taken the quotes off."""
    path = tmp_path / "a.yaml"
    save(path, Interaction(REQUEST, RESPONSE))
    path.write_text(path.read_text().replace("'", ""))

    assert load_interactions(path)[0].response.recorded_at == MOMENT


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"a": 1}', "body: '{\"a\": 1}'"),
        (b"data: 1\n\ndata: 2\n\n", "string: |+\n        data: 1\n\n        data: 2\n\n"),
        (b"a" * 80, "string: |-\n        aaaa"),
        (b" a\nb", "string: |2-\n         a\n        b"),
        (b"a\r\nb\r\n", 'string: "a\\r\\n\\\n        b\\r\\n"'),
        (b"a \n b\n", 'string: "a \\n\\\n        \\ b\\n"'),
        (b"\xff", "string: !!binary |\n        /w=="),
        (b"\n\n", 'string: "\\n\\\n        \\n"'),
        (b"", "string: ''"),
    ],
)
def test_a_body_stands_as_it_is_read_best(tmp_path: Path, body: bytes, text: str) -> None:
    """In a block where that is exact and survives editors; escaped where not."""
    path = tmp_path / "a.yaml"
    request = RecordedRequest(method="POST", url="https://a.test/", body=body)

    save(path, Interaction(request, RecordedResponse(status=200, body=body)))

    assert text in path.read_text()


def test_json_is_written_where_the_name_says_so(tmp_path: Path) -> None:
    """As vcrpy's own serializer does; bytes that are no text stand in base64."""
    path = tmp_path / "a.json"

    save(path, Interaction(REQUEST, RecordedResponse(status=200, body=b"\xff")))

    (interaction,) = json.loads(path.read_text())["interactions"]
    assert interaction["request"]["body"] == "{}"
    assert interaction["response"]["body"] == {"base64_string": "/w=="}
