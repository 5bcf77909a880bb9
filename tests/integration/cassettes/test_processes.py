"""Several processes, and processes that are killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import httpx2
from tests.support.shelf import chat, responses

from understudy.intercept.cassettes import use_cassette

if TYPE_CHECKING:
    from pathlib import Path

    from tests.provider import Provider

SCRIPT = """
import sys
import time
from pathlib import Path

import httpx2
import understudy

path, url, name, calls, ending, processes = sys.argv[1:]
folder = Path(path).parent
with understudy.use_cassette(path, record_mode="once"):
    (folder / f"{name}.open").touch()
    while len(list(folder.glob("*.open"))) < int(processes):
        time.sleep(0.01)  # the file is new for those alone that open it before it is there
    with httpx2.Client(timeout=60) as client:
        for call in range(int(calls)):
            client.post(url, json={"model": f"m.{name}-{call}"})
        if ending == "hang":
            (folder / "recorded").touch()
            client.post(url, json={"model": "m.mute-1"})
"""


def started(
    path: Path, url: str, name: str, *, calls: int, ending: str = "save", processes: int = 1
) -> subprocess.Popen[bytes]:
    """Start one of `processes` processes that record `calls` calls each."""
    arguments = [str(path), url, name, str(calls), ending, str(processes)]
    return subprocess.Popen([sys.executable, "-c", SCRIPT, *arguments])


def test_processes_on_one_cassette_keep_all(provider: Provider, tmp_path: Path) -> None:
    """Three of them, 20 calls each, into one new file."""
    path = tmp_path / "c.yaml"

    running = [
        started(path, chat(provider), name, calls=20, processes=3) for name in ("a", "b", "c")
    ]

    assert [process.wait(120) for process in running] == [0, 0, 0]
    assert len(responses(path)) == 60


def test_killed_process_loses_nothing_that_was_finished(provider: Provider, tmp_path: Path) -> None:
    """It is killed in the middle of a call; who opens the cassette next finds the others."""
    path = tmp_path / "c.yaml"
    process = started(path, chat(provider), "a", calls=7, ending="hang")
    deadline = time.monotonic() + 60
    while not (tmp_path / "recorded").exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)

    process.send_signal(signal.SIGKILL)
    process.wait(60)
    assert not path.exists()
    live = len(provider.received)

    with use_cassette(path, record_mode="none") as cassette:
        for call in range(7):
            assert httpx2.post(chat(provider), json={"model": f"m.a-{call}"}).status_code == 200

    assert cassette.play_count == 7
    assert len(provider.received) == live
