"""`understudy serve`, as a process."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from understudy.cli import main
from understudy.events import CallEvent
from understudy.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ASKED: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
PATH = "/openai/v1/chat/completions"


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a gateway in a process of its own; yields it, and where it is."""
    command = [sys.executable, "-m", "understudy", "serve", *options, "--json"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())["url"]


def stored(folder: Path) -> list[CallEvent]:
    """Return the calls of all gateways that wrote into the store of a folder."""
    with open_store(folder / ".understudy" / "telemetry.db", create=False) as store:
        runs = store.runs()
        events = [event for run in runs for event in store.events(run.run_id)]
    assert {run.kind for run in runs} == {"gateway"}
    return [event for event in events if isinstance(event, CallEvent)]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals to end it by")
def test_it_says_where_it_is_and_ends_when_told_to(tmp_path: Path) -> None:
    """One line; an answer that is open comes to its end and is stored, and the status is 0."""
    token = tmp_path / "token"
    token.write_text("s3cret-token\n")
    options = ("--mock=page_edit", "--faults=slow_chunks", f"--token-file={token}")
    with (
        serving(tmp_path, *options) as (process, url),
        httpx2.Client(headers={"x-api-key": "s3cret-token"}) as client,
    ):
        with client.stream("POST", url + PATH, json={**ASKED, "stream": True}) as answer:
            pieces = answer.iter_raw()
            next(pieces)
            process.terminate()
            rest = b"".join(pieces)
        out, err = process.communicate(timeout=60)

    assert rest.endswith(b"data: [DONE]\n\n")
    assert (process.returncode, out, err) == (0, "", "")
    (call,) = stored(tmp_path)
    assert (call.status, call.origin, call.provider, call.host) == (
        *("ok", "mocked", "openai"),
        "api.openai.com",
    )
    assert (call.scenario, call.fault, call.stream) == ("page_edit", "slow_chunks", True)
    assert call.output_tokens
    assert (call.duration_ms or 0) > (call.ttfc_ms or 0) > 0
    files = [path for path in (tmp_path / ".understudy").rglob("*") if path.is_file()]
    assert b"s3cret" not in b"".join(path.read_bytes() for path in files)


@pytest.mark.skipif(sys.platform == "win32", reason="it is killed by a signal")
def test_a_gateway_that_is_killed_loses_no_call(tmp_path: Path) -> None:
    """What it answered is stored by the next one, and another beside it is not disturbed."""
    with (
        serving(tmp_path, "--mock") as (first, url),
        serving(tmp_path, "--mock") as (other, beside),
    ):
        with httpx2.Client() as client:
            for each in (url, url, beside):
                assert client.post(each + PATH, json=ASKED).status_code == 200
            first.kill()
            first.communicate(timeout=60)
            assert client.post(beside + PATH, json=ASKED).status_code == 200
            assert client.get(f"{beside}/v1/costs").json()["budget"] is None
            assert "python" not in client.get(f"{beside}/metrics").raise_for_status().text
        other.send_signal(signal.SIGINT)
        assert other.wait(60) == 0

    assert [call.status for call in stored(tmp_path)] == ["ok"] * 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "say what answers: --mock[=NAME], --cassette FILE or --router FILE"),
        (["--cassette=gone.yaml"], "--cassette gone.yaml: there is no such file"),
        (["--cassette=short"], "short"),
        (["--router=gone.toml"], "gone.toml: cannot be read as TOML"),
        (
            ["--router=router.toml"],
            "router.toml:2: provider.0.nmae: unknown key",
        ),
        (["--mock=page_creatoin"], "Did you mean 'page_creation'?"),
        (["--mock", "--profile=slwo"], "Did you mean 'slow'?"),
        (["--mock", "--faults=rate_limt"], "Did you mean 'rate_limit'?"),
        (["--mock", "--host=0.0.0.0"], "Give --token-file FILE"),
        (["--mock", "--token-file=none"], "none: the token cannot be read"),
        (["--mock", "--token-file=short"], "short: no token: write one word of 8 characters"),
        (["--mock", "--store=postgresl://x"], "postgresl"),
        (["--mock", "--port=99999"], "a port is a number from 0"),
        (["--mock", "--host=no.such.host.invalid"], "no address"),
    ],
)
def test_what_is_wrong_is_said_before_it_serves(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    """With status 2."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "short").write_text("abc")
    (tmp_path / "router.toml").write_text("[[provider]]\nnmae = 'x'\n")
    try:
        status = main(["serve", *arguments])
    except SystemExit as left:
        status = int(str(left.code))

    assert status == 2
    assert words in capsys.readouterr().err
