"""A key that is planted in what a test sends and gets is nowhere after the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.provider import Provider
    from tests.support.suite import Suite

SHAPED = "sk-proj-Planted0123456789abcdefXYZ"
SHAPELESS = "gw-Planted-77aa88bb99cc"

ASKS = """
import os

import pytest
import urllib3
from ask import POOL, URL

KEY = {key!r}

def send(model, **more):
    messages = [{{"role": "user", "content": "The key is\\n" + KEY}}]
    headers = {{
        "Authorization": "Bearer " + KEY,
        "Cookie": "session=" + KEY,
        "OpenAI-Organization": KEY,
        "Content-Type": "application/json",
    }}
    body = {{"model": model + ".enc-gzip", "messages": messages, "user": KEY, **more}}
    return POOL.request("POST", URL + "?key=" + KEY, json=body, headers=headers, retries=False)

@pytest.mark.llm_cassette(name="one")
def test_whole():
    assert b"choices" in send("gpt").data

@pytest.mark.llm_cassette(name="two")
def test_stream():
    assert b"data:" in send("gpt", stream=True).data

@pytest.mark.llm_cassette(name="three")
def test_error():
    assert send("gpt.status-401").status == 401
"""


@pytest.fixture(autouse=True)
def _not_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is recorded where CI is set, but these tests record."""
    monkeypatch.delenv("CI", raising=False)


def written(folder: Path) -> bytes:
    """Return what the runs left behind: cassettes, journals, store, reports, not the test."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".py"]
    return b"".join(path.read_bytes() for path in files if "__pycache__" not in path.parts)


@pytest.mark.parametrize("key", [SHAPED, SHAPELESS])
def test_a_planted_key_is_in_no_file_store_report_or_message(
    suite: Suite, provider: Provider, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """Recorded, replayed, and missed."""
    monkeypatch.setenv("GATEWAY_TOKEN", SHAPELESS)
    suite.write(ASKS.format(key=key))
    recorded = suite.run("--llm-record-mode=once", "--llm-telemetry", "--junitxml=junit.xml", "-vv")
    recorded.assert_outcomes(passed=3)

    replayed = suite.run("--llm-telemetry", "--junitxml=junit.xml", "-vv")
    suite.write(ASKS.format(key=key).replace("The key is", "Now the key is"))
    missed = suite.run("--llm-telemetry", "--junitxml=junit.xml", "-vv", "--tb=line")

    replayed.assert_outcomes(passed=3)
    assert missed.ret == 1
    assert len(provider.received) == 3
    assert b"chat/completions" in written(suite.path)
    assert b"Planted" not in written(suite.path)
    shown = [each.stdout.str() + each.stderr.str() for each in (recorded, replayed, missed)]
    assert [text for text in shown if "Planted" in text] == []
