"""Lifecycle events of programs that are no test: sent, stored, and counted to the end."""

from __future__ import annotations

import json
import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.collector import Collector

from understudy import lifecycle
from understudy.errors import SettingsError
from understudy.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.events.lifecycle import AnyLifecycleEvent

PROGRAM = """
import os, sys
from understudy import lifecycle
from understudy.lifecycle import LifecycleSender
"""


def run(body: str, cwd: Path, *arguments: str, code: int = 0) -> str:
    """Run a program; return what it wrote to stderr."""
    program = PROGRAM + dedent(body)
    ran = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == code, ran.stderr
    return ran.stderr


def stored(path: Path) -> list[AnyLifecycleEvent]:
    """Return all lifecycle events of a store."""
    with open_store(path, create=False) as store:
        return [event for each in store.runs() for event in store.lifecycle(each.run_id)]


def test_a_sender_sends_and_stores(tmp_path: Path) -> None:
    """Operations inside find it; a second close does nothing, and a closed one takes nothing."""
    path = tmp_path / "telemetry.db"
    with Collector() as collector:
        sinks = (f"http:{collector.url}", f"jsonl:{tmp_path / 'e.jsonl'}")
        sender = lifecycle.LifecycleSender(sinks=sinks, store=path)
        with sender:
            with lifecycle.generation(tool_name="edit"):
                pass
            assert sender.send(lifecycle.validation_result(passed=False))
        sender.close()
        posted = [event for document in collector.documents for event in document["events"]]

    assert not sender.send(lifecycle.generation_started())
    assert not lifecycle.send(lifecycle.generation_started())
    assert sender.faults == []
    kept = [json.loads(line) for line in (tmp_path / "e.jsonl").read_text().splitlines()]
    assert [event["event_type"] for event in kept] == [event.event_type for event in stored(path)]
    assert posted == kept
    assert len(kept) == 3
    assert list(tmp_path.glob("*.journal/*")) == []
    with open_store(path) as store:
        assert [run.kind for run in store.runs()] == ["logger"]


def test_what_was_not_sent_is_said(tmp_path: Path) -> None:
    """By a program too that ends without a word; nobody listens at port 9."""
    said = run(
        """
        sender = LifecycleSender(sinks=["http:http://127.0.0.1:9/"])
        sender.send(lifecycle.generation_started())
        """,
        tmp_path,
    )

    assert "while sending to HttpSink: 1 of 1 event not sent: URLError" in said


def test_a_program_that_ends_sends_what_is_left(tmp_path: Path) -> None:
    """Whether it closes its sender or not; also what comes when Python ends already."""
    with Collector() as collector:
        run(
            """
            import atexit
            sender = LifecycleSender(sinks=["http:" + sys.argv[1]], store="t.db")
            sender.send(lifecycle.generation_started(tool_name="first"))
            atexit.register(sender.send, lifecycle.generation_started(tool_name="late"))
            """,
            tmp_path,
            collector.url,
        )
        posted = [event for document in collector.documents for event in document["events"]]

    assert sorted(event["tool_name"] for event in posted) == ["first", "late"]
    assert len(stored(tmp_path / "t.db")) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_a_child_sends_its_own(tmp_path: Path) -> None:
    """One that ends at once too, into the store of its parent: one journal, one merge."""
    run(
        """
        with LifecycleSender(store="t.db") as sender:
            sender.send(lifecycle.generation_started(tool_name="parent"))
            if not os.fork():
                sender.send(lifecycle.generation_started(tool_name="child"))
                os._exit(0)
            os.wait()
        """,
        tmp_path,
    )

    assert sorted(
        event.tool_name or ""
        for event in stored(tmp_path / "t.db")
        if event.event_type == "llm_generation_started"
    ) == ["child", "parent"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_the_next_one_stores_what_a_killed_one_left(tmp_path: Path) -> None:
    """Its journal waits."""
    run(
        """
        sender = LifecycleSender(store="t.db")
        sender.send(lifecycle.generation_started(tool_name="killed"))
        os.kill(os.getpid(), 9)
        """,
        tmp_path,
        code=-9,
    )
    assert not (tmp_path / "t.db").exists()

    with lifecycle.LifecycleSender(store=tmp_path / "t.db"):
        pass

    assert len(stored(tmp_path / "t.db")) == 1


def test_what_cannot_be_used_is_refused(tmp_path: Path) -> None:
    """Before anything is sent; nothing is left open."""
    wrong: Any = [7]
    with pytest.raises(ValueError, match="7 is no sink"):
        lifecycle.LifecycleSender(sinks=wrong)
    with pytest.raises(SettingsError, match="Did you mean 'jsonl'"):
        lifecycle.LifecycleSender(sinks=["jsonll:x"])
    with pytest.raises(SettingsError):
        lifecycle.LifecycleSender(sinks=[f"jsonl:{tmp_path / 'e'}"], store="mysql://host/db")
    assert not lifecycle.send(lifecycle.generation_started())
