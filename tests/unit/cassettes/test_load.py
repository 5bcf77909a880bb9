"""Cassette files: what can be read, and what is said of the rest."""

from __future__ import annotations

import base64
import gzip
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from understudy.cassettes import _yaml_reader, load_interactions
from understudy.errors import CassetteError

if TYPE_CHECKING:
    from pathlib import Path

REQUEST: dict[str, Any] = {"method": "post", "uri": "https://a.test/x", "headers": {}, "body": None}
RESPONSE: dict[str, Any] = {
    "status": {"code": 201, "message": "Created"},
    "headers": {},
    "body": {"string": "A"},
}
PLAIN = """
interactions:
- request:
    body: '{"a": 1}'
    headers:
      Accept: [a, b]
      X-One: [c]
    method: POST
    uri: https://a.test/x
  response:
    body:
      string: !!binary |
        H4sIAAAAAAAA/wMAAAAAAAAAAAA=
    headers:
      Content-Type:
      - application/json
    status:
      code: 200
      message: OK
version: 1
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file to write to."""
    return tmp_path / "cassette.yaml"


def load_one(file: Path, document: Any) -> Any:
    """Write a document as JSON and return its only interaction."""
    file.write_text(json.dumps(document), encoding="utf-8")
    (interaction,) = load_interactions(file)
    return interaction


def load_pair(file: Path, request: dict[str, Any], response: dict[str, Any]) -> Any:
    """Write one recorded pair and return its interaction."""
    return load_one(
        file,
        [{"request": REQUEST | request, "response": RESPONSE | response}],
    )


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lambda data: b"\xef\xbb\xbf" + data])
def test_yaml_is_read(file: Path, pack: Any) -> None:
    """Gzipped or not, with a byte order mark or not."""
    file.write_bytes(pack(PLAIN.encode()))

    (interaction,) = load_interactions(str(file))

    request, response = interaction.request.plain(), interaction.response.plain()
    assert (request.method, request.url, request.body) == ("POST", "https://a.test/x", b'{"a": 1}')
    assert request.headers == {"accept": "a, b", "x-one": "c"}
    assert (response.status, response.headers) == (200, {"content-type": "application/json"})
    assert gzip.decompress(response.body) == b""


def test_json_is_read(file: Path) -> None:
    """As vcrpy's JSON serializer writes it."""
    interaction = load_pair(file, {}, {})

    assert (interaction.request.plain().method, interaction.request.body) == ("POST", b"")
    assert (interaction.response.status, interaction.response.body) == (201, b"A")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"body": "ü"}, "ü".encode()),
        ({"body": {"string": "A"}}, b"A"),
        ({"body": {"string": None}}, b""),
        ({"body": {"encoding": "utf-8", "string": "A"}}, b"A"),
        ({"body": {"encoding": "base64", "string": base64.b64encode(b"\0A").decode()}}, b"\0A"),
        ({"body": {"base64_string": base64.b64encode(b"\0A").decode()}}, b"\0A"),
        ({"body": {"base64_string": "A"}}, b"A"),
        ({"body": {"a": 1}}, b'{"a": 1}'),
        ({"body": [1]}, b"[1]"),
        ({"parsed_body": {"a": "ü"}}, b'{"a": "\\u00fc"}'),
        ({"parsed_body": []}, b"[]"),
        ({"parsed_body": None, "body": {"string": "A"}}, b"A"),
        ({"body": None, "content": "A"}, b"A"),
    ],
)
def test_bodies_have_been_written_in_many_ways(
    file: Path, body: dict[str, Any], expected: bytes
) -> None:
    """Text, bytes, base64, structures; requests and responses alike."""
    interaction = load_pair(file, body, body)

    assert (interaction.request.body, interaction.response.body) == (expected, expected)


@pytest.mark.parametrize(
    "headers",
    [
        {"A": "1", "B": ["2", "3"]},
        [["A", "1"], ["b", "2"], ["B", "3"]],
        [{"name": "A", "value": "1"}, {"name": "b", "value": "2, 3"}],
        ["A: 1\r\n", "B: 2\r\n", "b: 3"],
    ],
)
def test_headers_have_been_written_in_many_ways(file: Path, headers: Any) -> None:
    """Plain, names become lower case and several values are joined."""
    response = load_pair(file, {}, {"headers": headers}).response

    assert response.plain().headers == {"a": "1", "b": "2, 3"}


@pytest.mark.parametrize(
    "status",
    [
        {"status": {"code": 201}},
        {"status": 201},
        {"status": "201"},
        {"status": "201 Created", "code": 201},
        {"status": "201 Created"},
        {"status": {"status_code": 201, "message": "Success: (201) Created"}},
        {"status": None, "status_code": ["HTTP/1.1", 201, "Created"]},
    ],
    ids=["vcrpy", "number", "text", "go-vcr", "line", "vcr of R", "exvcr"],
)
def test_the_status_is_a_code_or_holds_one(file: Path, status: dict[str, Any]) -> None:
    """Recorders have written it in many ways."""
    assert load_pair(file, {}, status).response.status == 201


def test_the_first_form_for_httpx_is_read(file: Path) -> None:
    """`content` and `status_code`."""
    response = {"content": "A", "headers": {}, "http_version": "HTTP/1.1", "status_code": 200}
    document = [{"request": REQUEST, "response": response}]

    read = load_one(file, document).response

    assert (read.status, read.body) == (200, b"A")


@pytest.mark.parametrize(
    "document",
    [
        {"version": 1, "interactions": [{"request": REQUEST, "response": RESPONSE}]},
        [{"request": REQUEST, "response": RESPONSE}],
        {"requests": [REQUEST], "responses": [RESPONSE]},
        {"http_interactions": [{"request": REQUEST, "response": RESPONSE}]},
    ],
    ids=["vcrpy 1", "vcrpy 0", "dumped", "betamax"],
)
def test_documents_of_all_versions_are_read(file: Path, document: Any) -> None:
    """And of those who write alike."""
    assert load_one(file, document).response.body == b"A"


@pytest.mark.parametrize(
    ("port", "url"), [(443, "https://a.test/x"), (8443, "https://a.test:8443/x")]
)
def test_an_address_in_parts_is_put_together(file: Path, port: int, url: str) -> None:
    """As vcrpy wrote it before version 1."""
    parts = {"protocol": "https", "host": "a.test", "port": port, "path": "/x"}
    request = {"method": "GET", "headers": {}, "body": None, **parts}

    assert load_one(file, [{"request": request, "response": RESPONSE}]).request.url == url


RUBY = """\
---
http_interactions:
- request:
    method: {method}
    uri: https://a.test/x
    body: {{encoding: UTF-8, string: ''}}
    headers:
      !binary "QWNjZXB0":
      - !binary |-
        Ki8q
  response: !ruby/struct:VCR::Response
    status: !ruby/struct:VCR::ResponseStatus {{code: 200, message: !binary T0s=}}
    headers: {{}}
    body: {body}
recorded_with: VCR 6.0.0
"""


@pytest.mark.parametrize("method", ["post", ":post"])
@pytest.mark.parametrize(
    "body",
    [
        "{encoding: ASCII-8BIT, string: !binary eyJhIjoxfQ==}",
        "{encoding: UTF-8, base64_string: eyJhIjoxfQ==}",
        "{encoding: UTF-8, base64_string: !binary ZXlKaElqb3hmUT09}",
    ],
)
def test_what_ruby_wrote_is_read(file: Path, method: str, body: str) -> None:
    """Bytes in any place, symbols, and structures of its own classes."""
    file.write_text(RUBY.format(method=method, body=body))

    (interaction,) = load_interactions(file)

    assert interaction.request.method == "post"
    assert interaction.request.headers == (("Accept", "*/*"),)
    assert (interaction.response.reason, interaction.response.body) == ("OK", b'{"a":1}')


@pytest.mark.parametrize(
    "key",
    [
        "!!python/object/apply:multidict._multidict.istr [Content-Type]",
        "!!python/object/new:multidict._multidict_py.istr {args: [Content-Type], state: {a: 1}}",
        "!!python/unicode Content-Type",
        "!!binary Q29udGVudC1UeXBl",
    ],
)
def test_a_name_of_any_class_is_its_text(file: Path, key: str) -> None:
    """As aiohttp's names of headers are."""
    text = PLAIN.replace("      Content-Type:\n", f"      ? {key}\n      :\n")
    file.write_text(text, encoding="utf-8")

    (interaction,) = load_interactions(file)

    assert interaction.response.headers == (("Content-Type", "application/json"),)


def test_python_tags_give_plain_data(file: Path) -> None:
    """Nothing of theirs is ever made."""
    file.write_text(
        PLAIN.replace("'{\"a\": 1}'", "!!python/unicode 'A'")
        .replace("Accept: [a, b]", "Accept: !!python/tuple [a, b]")
        .replace("- request:", "- request: !!python/object:os.system"),
        encoding="utf-8",
    )

    (interaction,) = load_interactions(file)

    assert interaction.request.body == b"A"
    assert interaction.request.plain().headers["accept"] == "a, b"


@pytest.mark.parametrize(
    ("state", "body"), [("[!!binary QQ==, 0]", b"A"), ("[A, 0]", b"A"), ("null", b"")]
)
def test_a_file_sent_as_a_body_is_read(file: Path, state: str, body: bytes) -> None:
    """It was pickled."""
    buffer = f"!!python/object/new:_io.BytesIO {{state: {state}}}"
    file.write_text(PLAIN.replace("'{\"a\": 1}'", buffer), encoding="utf-8")

    assert load_interactions(file)[0].request.body == body


HAR_REQUEST: dict[str, Any] = {"method": "POST", "url": "https://a.test/x", "headers": []}


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ({"text": "A", "mimeType": "text/plain"}, b"A"),
        ({"text": "QQ==", "encoding": "base64", "mimeType": "text/plain"}, b"A"),
        ({"text": '["QQ==","Qg=="]', "encoding": "base64", "mimeType": "text/plain"}, b"AB"),
        ({"mimeType": "text/plain"}, b""),
    ],
)
def test_an_http_archive_is_read(file: Path, content: dict[str, Any], body: bytes) -> None:
    """Polly.JS writes the chunks of a binary body as an array."""
    response = {"status": 200, "headers": [{"name": "X", "value": "1"}], "content": content}
    request = {**HAR_REQUEST, "postData": {"text": "Q"}}
    entries = [
        {"request": HAR_REQUEST, "response": response},
        {"request": request, "response": response},
    ]
    file.write_text(json.dumps({"log": {"entries": entries}}), encoding="utf-8")

    first, second = load_interactions(file)

    assert (first.request.body, second.request.body) == (b"", b"Q")
    assert (first.response.status, first.response.body) == (200, body)
    assert first.response.plain().headers == {"content-type": "text/plain", "x": "1"}


def test_a_cassette_without_interactions_is_fine(file: Path) -> None:
    """It holds none."""
    file.write_text("interactions: []\nversion: 1\n", encoding="utf-8")

    assert load_interactions(file) == []


DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", ": the file is empty"),
        (b" \n ", ": the file is empty"),
        (b"version https://git-lfs.github.com/spec/v1\n", ": a Git LFS pointer, not the cassette"),
        (b"a: 1\n<<<<<<< HEAD\n", ", line 2: a merge conflict is not resolved"),
        (b"\xff\xfe\0", ": is no text (byte 0 is no UTF-8)"),
        (b"\x1f\x8b\x08\0", ": the gzip data are damaged or cut off: unexpected end"),
        (b"\x1f\x8b\xff\0" * 5, ": the gzip data are damaged or cut off"),
        (b"a: 1\nb: [\n", ", line 3: is no YAML"),
        (b"a: !!binary A\n", ", line 1: is no YAML: failed to decode base64"),
        (b'{"interactions":\n [', ", line 2: is no YAML: did not find expected node content"),
        (b"{" + b'"a": ' + b"9" * 5000 + b"}", ": is no YAML"),
        (DEEP.encode(), ": is nested too deeply"),
        (b"- " * 100_000, ": is nested too deeply"),
        (b"just text", ": holds no recorded requests and responses"),
        (b"a: 1", ": holds no recorded requests and responses"),
        (b"interactions: [1]\nversion: 1", ": holds no recorded requests and responses"),
        (b"interactions: 5\nversion: 1", ": holds no recorded requests and responses"),
        (b"- request: {}\n  response: {}", ", line 1, interaction 0: is damaged"),
        (b'{"log": {"entries": [{}]}}', ", interaction 0: is damaged ('request' is missing)"),
        (b"? [a]\n: 1\n", ", line 1: holds a key that is a list or a mapping"),
        (b"a: 1\n---\na: 2\n", ", line 2: holds more than one YAML document"),
        (b"? !!python/tuple [[a]]\n: 1\n", ": holds a key that is a list or a mapping"),
        (
            b"a: !!python/object/new:_io.BytesIO {state: 1}",
            ": is no YAML: a tag stands before what",
        ),
        (b"requests: [1]\nresponses: [2]", ", interaction 0: is damaged"),
    ],
)
def test_what_cannot_be_read_is_named(file: Path, content: bytes, message: str) -> None:
    """With the file, and the line where it is known."""
    file.write_bytes(content)

    with pytest.raises(CassetteError) as raised:
        load_interactions(file)

    assert str(raised.value).startswith(f"{file}{message}")


def test_the_limit_of_libyaml_is_told_in_the_same_words(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Newer ones have one, which may be found first."""

    def refuses(_: str) -> None:
        msg = "exceeded maximum nesting depth"
        raise yaml.YAMLError(msg)

    monkeypatch.setattr(_yaml_reader, "load_yaml", refuses)
    file.write_text("a: 1", encoding="utf-8")

    with pytest.raises(CassetteError, match="is nested too deeply"):
        load_interactions(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """As given."""
    with pytest.raises(CassetteError, match=r"no\.yaml: cannot be read: No such file"):
        load_interactions("no.yaml")
    with pytest.raises(CassetteError, match="cannot be read"):
        load_interactions(tmp_path)


@given(text=st.text() | st.binary())
def test_any_content_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str | bytes
) -> None:
    """With an error of ours."""
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)

    with suppress(CassetteError):
        load_interactions(file)
