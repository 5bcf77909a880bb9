"""`understudy cassettes verify` against a provider on loopback."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from understudy.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.provider import Provider

KEY = "sk-proj-Planted0123456789abcdefXYZ"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a working directory, and a key."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("CI", "true")
    return tmp_path


def chat(text: str = "Hi", *, uri: str = "https://api.openai.com/v1/chat/completions") -> Any:
    """Return a request for a chat and no answer yet."""
    body = json.dumps({"model": "gpt", "messages": [{"role": "user", "content": text}]})
    headers = {"Content-Type": ["application/json"]}
    return {"method": "POST", "uri": uri, "headers": headers, "body": body}


def cassette(folder: Path, request: Any, body: str, status: int = 200) -> str:
    path = folder / "a.json"
    response = {
        "status": {"code": status, "message": ""},
        "headers": {"content-type": ["application/json"]},
        "body": {"string": body},
    }
    told = {"version": 1, "interactions": [{"request": request, "response": response}]}
    path.write_text(json.dumps(told))
    return str(path)


def verify(provider: Provider, path: str, *more: str) -> int:
    return main(["cassettes", "verify", path, "--base-url", provider.url, *more])


def live_answer(provider: Provider, folder: Path) -> str:
    """Ask once, to know how the provider answers."""
    verify(provider, cassette(folder, chat(), "{}"))
    return provider.last.sent.decode()


def test_an_answer_as_recorded_is_no_drift(
    provider: Provider, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The key goes along in its header; nothing is written."""
    path = cassette(project, chat(), live_answer(provider, project))
    capsys.readouterr()

    assert verify(provider, path) == 0

    assert capsys.readouterr().out == f"{path} [0]: as recorded\n"
    assert provider.last.headers["authorization"] == f"Bearer {KEY}"
    assert provider.last.path == "/v1/chat/completions"


def test_a_drift_is_shown(
    provider: Provider, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Model and shape, without the key; exit status 1."""
    told = json.loads(live_answer(provider, project))
    told["model"] = f"gpt-{KEY}"
    path = cassette(project, chat(), json.dumps({**told, "gone": 1}))
    capsys.readouterr()

    assert verify(provider, path, "--json") == 1

    row = json.loads(capsys.readouterr().out)
    assert [each["what"] for each in row["drifts"]] == ["model", "shape"]
    assert "gone: number" in row["drifts"][1]["recorded"]
    assert KEY not in json.dumps(row)


def test_an_error_of_the_provider_is_a_drift(
    provider: Provider, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its status is told."""
    request = chat()
    request["body"] = request["body"].replace('"gpt"', '"gpt.status-500"')

    assert verify(provider, cassette(project, request, '{"choices": []}')) == 1

    assert "status: 200 -> 500" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (chat(uri="https://api.anthropic.com/v1/messages"), "no key for anthropic; set ANTHROPIC"),
        (chat(uri="https://gateway.company/v1/chat/completions"), "name it with --key-env"),
        (chat("my [redacted] key"), "in the place of a secret"),
        (
            chat(uri="https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse"),
            "bedrock wants signed requests",
        ),
    ],
)
def test_what_cannot_be_sent_is_refused(
    provider: Provider,
    project: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request_: Any,
    said: str,
) -> None:
    """Nothing goes out, and the status is 1."""
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)

    assert verify(provider, cassette(project, request_, "{}")) == 2

    assert said in capsys.readouterr().err
    assert provider.received == []


def test_the_variable_of_the_key_can_be_named(
    provider: Provider, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a gateway of one's own."""
    monkeypatch.setenv("GATEWAY_TOKEN", "gw-77aa88bb")
    request = chat(uri="https://gateway.company/v1/chat/completions")

    verify(provider, cassette(project, request, "{}"), "--key-env", "GATEWAY_TOKEN")

    assert provider.last.headers["authorization"] == "Bearer gw-77aa88bb"


def test_no_answer_is_an_error(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It names the host."""
    path = cassette(project, chat(), "{}")

    assert main(["cassettes", "verify", path, "--base-url", "http://127.0.0.1:9"]) == 2
    assert "127.0.0.1:9: no answer came" in capsys.readouterr().err


def test_an_address_that_is_none_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files are not read in its place."""
    path = cassette(project, chat(), "{}")

    assert main(["cassettes", "verify", path, "--base-url", "file:///etc"]) == 2
    assert "begins with http" in capsys.readouterr().err


class Terminal(io.StringIO):
    """A person who answers."""

    def isatty(self) -> bool:
        """Say yes."""
        return True


@pytest.mark.parametrize(("answer", "sent"), [("y\n", 1), ("\n", 0)])
def test_a_person_is_asked_first(
    provider: Provider, project: Path, monkeypatch: pytest.MonkeyPatch, answer: str, sent: int
) -> None:
    """It costs money."""
    monkeypatch.delenv("CI")
    monkeypatch.setattr(sys, "stdin", Terminal(answer))

    verify(provider, cassette(project, chat(), "{}"))

    assert len(provider.received) == sent
