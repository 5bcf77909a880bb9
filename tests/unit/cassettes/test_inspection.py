"""A cassette file is judged from all sides."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from understudy.cassettes import OnExpiry
from understudy.cassettes.inspection import Inspection, ProblemKind, inspect
from understudy.cassettes.secrets import SecretsRedactor

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def interaction(asked: str = "a", *, uri: str = "https://h/p", **response: Any) -> dict[str, Any]:
    return {
        "request": {"method": "POST", "uri": uri, "headers": {}, "body": asked},
        "response": {
            "status": {"code": 200, "message": "OK"},
            "headers": {"content-type": ["application/json"]},
            "body": {"string": "{}"},
            "llm_recorded_at": "2026-11-01T00:00:00Z",
            **response,
        },
    }


def judged(folder: Path, *interactions: dict[str, Any], **how: Any) -> list[tuple[str, bool]]:
    """Return kind and weight of what is wrong with a cassette."""
    path = folder / "a.json"
    path.write_text(json.dumps({"version": 1, "interactions": interactions}))
    inspection = Inspection(redactor=SecretsRedactor(), now=NOW, state=folder / "state", **how)
    return [(problem.kind.value, problem.fatal) for problem in inspect(path, inspection)]


def test_a_good_file_has_no_problem(tmp_path: Path) -> None:
    """Nothing is said."""
    found = judged(tmp_path, interaction("a"), interaction("b"), max_age=timedelta(days=30))

    assert found == []


@pytest.mark.parametrize(
    "bad",
    [
        interaction("my key is sk-proj-Planted0123456789abcdefXYZ"),
        interaction(uri="https://h/p?key=gw77aa88bb99cc"),
        interaction(headers={"Set-Cookie": ["__cf_bm=Planted0123456789; path=/"]}),
        interaction(headers={"openai-organization": ["acme-0123456789"]}),
        interaction(
            body={"string": 'data: {"content": "sk-pr"}\n\ndata: {"content": "oj-0a1b2c3d4e"}\n\n'}
        ),
    ],
)
def test_a_secret_is_fatal(tmp_path: Path, bad: dict[str, Any]) -> None:
    """Of known form or known place."""
    assert ("secret", True) in judged(tmp_path, bad)


@pytest.mark.parametrize(
    "fine",
    [
        interaction(uri="https://h/p?key=DUMMY"),
        interaction(headers={"Set-Cookie": ["[redacted]"], "x-custom": ["gw77aa88bb99cc"]}),
        interaction(headers={"openai-organization": ["acme"]}),
    ],
)
def test_a_stand_in_is_no_secret(tmp_path: Path, fine: dict[str, Any]) -> None:
    """Others redact too."""
    assert judged(tmp_path, fine) == []


@pytest.mark.parametrize(("word", "fatal"), [(OnExpiry.WARN, False), (OnExpiry.FAIL, True)])
def test_what_is_too_old_is_told(tmp_path: Path, word: OnExpiry, *, fatal: bool) -> None:
    """As heavy as the settings say."""
    found = judged(tmp_path, interaction(), max_age=timedelta(days=7), on_expiry=word)

    assert found == [("expired", fatal)]


def test_doubles_and_halves_are_told(tmp_path: Path) -> None:
    """They do no harm. Another answer to the same request is no double."""
    half = interaction("b", llm_complete=False)
    other = interaction("a", body={"string": "[]"})

    found = judged(tmp_path, interaction("a"), interaction("a"), other, half)

    assert found == [("duplicate", False), ("incomplete", False)]


def test_a_file_that_cannot_be_read_is_fatal(tmp_path: Path) -> None:
    """Its message names it."""
    path = tmp_path / "none.yaml"

    (problem,) = inspect(path, Inspection(redactor=SecretsRedactor(), now=NOW))

    assert (problem.kind, problem.fatal) == (ProblemKind.UNREADABLE, True)
    assert str(path) in problem.text
