"""`understudy serve`, as a process."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from understudy.cli import main

if TYPE_CHECKING:
    from pathlib import Path

ASKED: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
PATH = "/openai/v1/chat/completions"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals to end it by")
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_ends_when_told_to(tmp_path: Path, end: signal.Signals) -> None:
    """One line; an answer that is open comes to its end, and the status is 0."""
    token = tmp_path / "token"
    token.write_text("s3cret-token\n")
    command = [
        *(sys.executable, "-m", "understudy", "serve", "--mock=page_edit"),
        *("--faults=slow_chunks", f"--token-file={token}", "--json"),
    ]
    with (
        subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process,
        httpx2.Client(headers={"x-api-key": "s3cret-token"}) as client,
    ):
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        with client.stream("POST", url + PATH, json={**ASKED, "stream": True}) as answer:
            pieces = answer.iter_raw()
            next(pieces)
            process.send_signal(end)
            rest = b"".join(pieces)
        out, err = process.communicate(timeout=60)

    assert rest.endswith(b"data: [DONE]\n\n")
    assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "say what answers: --mock"),
        (["--mock=page_creatoin"], "Did you mean 'page_creation'?"),
        (["--mock", "--profile=slwo"], "Did you mean 'slow'?"),
        (["--mock", "--faults=rate_limt"], "Did you mean 'rate_limit'?"),
        (["--mock", "--host=0.0.0.0"], "Give --token-file FILE"),
        (["--mock", "--token-file=none"], "none: the token cannot be read"),
        (["--mock", "--token-file=short"], "short: no token: write one word of 8 characters"),
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
    try:
        status = main(["serve", *arguments])
    except SystemExit as left:
        status = int(str(left.code))

    assert status == 2
    assert words in capsys.readouterr().err
