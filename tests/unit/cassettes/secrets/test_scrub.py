"""Old cassettes are cleaned where they are."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from vcr.serialize import deserialize
from vcr.serializers import yamlserializer

from understudy.cassettes import load_interactions
from understudy.cassettes.secrets import SecretsRedactor, scrub

if TYPE_CHECKING:
    from pathlib import Path

KEY = "sk-proj-Planted0123456789abcdefXYZ"


def interaction(**headers: str) -> dict[str, Any]:
    """Return one as vcrpy records it."""
    listed = {name.replace("_", "-"): [value] for name, value in headers.items()}
    return {
        "request": {
            "method": "POST",
            "uri": f"https://api.openai.com/v1/chat/completions?key={KEY}",
            "headers": {"content-type": ["application/json"], **listed},
            "body": json.dumps({"messages": [{"role": "user", "content": f"with {KEY}"}]}),
        },
        "response": {
            "status": {"code": 200, "message": "OK"},
            "headers": {"Date": ["Tue, 03 Mar 2026 10:00:00 GMT"], "Set-Cookie": ["a=b"]},
            "body": {"string": '{"choices": []}'},
        },
    }


def cassette(path: Path, *interactions: dict[str, Any]) -> Path:
    path.write_text(yaml.dump({"interactions": list(interactions), "version": 1}))
    return path


def test_secrets_go_and_the_rest_stays(tmp_path: Path) -> None:
    """The file still plays under vcrpy; when it was recorded is still known."""
    path = cassette(tmp_path / "a.yaml", interaction(authorization=f"Bearer {KEY}"))

    done = scrub(path, SecretsRedactor(), state=tmp_path / "state")

    assert done.changed == 1
    assert done.counts["OpenAI key"] == 1
    assert done.counts["authorization header"] == 1
    assert done.counts["cookie"] == 1
    text = path.read_text()
    assert "Planted" not in text
    requests, responses = deserialize(text, yamlserializer)
    assert requests[0].uri == "https://api.openai.com/v1/chat/completions"
    assert responses[0]["body"]["string"] == b'{"choices": []}'
    recorded = load_interactions(path, state=tmp_path / "state")[0]
    assert recorded.response.recorded_at == datetime(2026, 3, 3, 10, tzinfo=UTC)


def test_a_clean_file_is_not_written(tmp_path: Path) -> None:
    """A second time there is nothing to do."""
    path = cassette(tmp_path / "a.yaml", interaction(authorization=f"Bearer {KEY}"))
    redactor = SecretsRedactor()
    scrub(path, redactor, state=tmp_path / "state")
    before = path.stat().st_mtime_ns

    again = scrub(path, redactor, state=tmp_path / "state")

    assert (again.changed, path.stat().st_mtime_ns) == (0, before)


@pytest.mark.parametrize("name", ["a.yaml", "b.json"])
def test_a_check_writes_nothing(tmp_path: Path, name: str) -> None:
    """It tells what would change."""
    path = tmp_path / name
    path.write_text(json.dumps({"version": 1, "interactions": [interaction()]}))
    before = path.read_bytes()

    done = scrub(path, SecretsRedactor(), state=tmp_path / "state", check=True)

    assert done.changed == 1
    assert path.read_bytes() == before


def test_json_stays_json(tmp_path: Path) -> None:
    """As the other serializer of vcrpy writes it."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"version": 1, "interactions": [interaction()]}, indent=4))

    scrub(path, SecretsRedactor(), state=tmp_path / "state")

    assert "Planted" not in path.read_text()
    assert json.loads(path.read_text())["version"] == 1
