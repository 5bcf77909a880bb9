"""What was written is looked through again."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path

import pytest
from tests.unit.redaction.corpus import KEYS, ORDINARY

from understudy.cassettes.secrets import SecretScan, SecretsFoundError, SecretsRedactor, scan

KEY = "sk-proj-Planted0123456789abcdefXYZ"
PATH = Path("cassettes/test_it.yaml")


def block(data: bytes) -> str:
    """Write a scalar as YAML writes binary ones."""
    lines = base64.encodebytes(data).decode().splitlines()
    return "string: !!binary |\n" + "".join(f"  {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (f"a: 1\nbody: {KEY}\n", 2, "OpenAI key"),
        (f"a: 1\n\nauthorization:\n- Bearer {KEY[8:]}\n", 4, "bearer token"),
        ('a: 1\nbody: \'{"api_key": "q1w2e3r4t5z6"}\'\n', 2, "JSON key"),
        (f"a: 1\n{block(gzip.compress(json.dumps({'text': KEY * 3}).encode()))}", 3, "OpenAI key"),
        (f'{{"line": "{base64.b64encode(f"the key is {KEY}".encode()).decode()}"}}', 1, "OpenAI"),
        ("prompt: say gw-77aa88bb99cc\n", 1, "value of a secret in use"),
    ],
)
def test_a_secret_is_found_wherever_it_was_written(text: str, line: int, said: str) -> None:
    """File, line and kind are told, the value is not."""
    redactor = SecretsRedactor(environment={"GATEWAY_TOKEN": "gw-77aa88bb99cc"})

    findings = scan(PATH, text.encode(), redactor.finder)

    assert len(findings) == 1
    assert str(findings[0]).startswith(f"{PATH}, line {line}: looks like a secret ({said}")
    assert KEY[8:] not in str(findings[0])
    assert "77aa" not in str(findings[0])


def test_every_shape_of_key_is_found() -> None:
    """And nothing in what merely looks like one."""
    finder = SecretsRedactor().finder
    text = "\n".join(f"body: with {key}" for key in KEYS.values())

    assert [each.kind for each in scan(PATH, text.encode(), finder)] == list(KEYS)
    assert scan(PATH, "\n".join(ORDINARY).encode(), finder) == []


def test_a_gzipped_file_is_looked_into() -> None:
    """Some keep their cassettes compressed."""
    findings = scan(PATH, gzip.compress(f"a\nb {KEY}".encode()), SecretsRedactor().finder)

    assert [each.line for each in findings] == [2]


@pytest.mark.parametrize(
    "text",
    [
        "authorization: '[redacted]'\nuri: https://h/p?alt=sse\n",
        '{"usage": {"max_tokens": 5, "total_tokens": 9}, "id": "chatcmpl-0123456789abcdef"}',
        '{"password": {"type": "string"}, "secret": "your secret here"}',
        "image: " + base64.b64encode(bytes(range(256)) * 20).decode(),
    ],
)
def test_what_is_clean_passes(text: str) -> None:
    """Placeholders, counts, schemas and data."""
    assert scan(PATH, text.encode(), SecretsRedactor().finder) == []


def test_the_run_learns_all_places() -> None:
    """Each saved file that holds a secret raises, and all findings are kept."""
    watch = SecretScan(SecretsRedactor())
    watch(PATH, b"clean")

    for name in ("a.yaml", "b.yaml"):
        with pytest.raises(
            SecretsFoundError, match=f"{name}, line 1: looks like a secret"
        ) as error:
            watch(Path(name), KEY.encode())
        assert KEY not in str(error.value)

    assert [str(each.path) for each in watch.findings] == ["a.yaml", "b.yaml"]


def test_the_name_of_a_file_is_searched_too() -> None:
    """And told without the secret."""
    (found,) = scan(
        Path(f"cassettes/test_it[{KEYS['OpenAI key']}].yaml"), b"{}", SecretsRedactor().finder
    )

    assert str(found) == (
        "cassettes/test_it[[redacted]].yaml: its name looks like a secret (OpenAI key)"
    )
