"""A killed run keeps every finished call, and the next run merges them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from tests.support.suite import lines_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.suite import Suite

ENDLESS = """
    import time
    from pathlib import Path

    import pytest
    from ask import ask, stream

    def wait():
        while not Path("go").exists():
            time.sleep(0.01)

    @pytest.mark.parametrize("number", range(4))
    def test_call(number):
        ask()
        Path(f"at-{number}").touch()

    @pytest.mark.parametrize("name", ["a", "beta"])
    def test_endless(name):
        ask()
        opened = stream("gpt-4o-mini.hang-1")
        Path(f"at-{name}").touch()
        wait()
"""


@pytest.fixture
def start(suite: Suite) -> Callable[..., subprocess.Popen[bytes]]:
    """Starts a run of endless tests; returns when the named ones hang."""
    suite.write(ENDLESS)

    def start(*options: str, until: tuple[str, ...]) -> subprocess.Popen[bytes]:
        run = subprocess.Popen(
            [sys.executable, "-m", "pytest", *suite.arguments(*options)],
            stdout=subprocess.DEVNULL,
            cwd=suite.path,
            start_new_session=True,
        )
        deadline = time.monotonic() + 60
        while not all((suite.path / name).exists() for name in until):
            assert run.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return run

    return start


def kill(run: subprocess.Popen[bytes]) -> None:
    """Kill a run and its workers, as `kill -9` of the group does."""
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()


def journals(suite: Suite) -> list[Path]:
    """Return the journals that wait."""
    return sorted(suite.path.glob(".understudy/telemetry.db.journal/*/*.jsonl"))


@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["alone", "n2"])
def test_a_killed_run_keeps_every_finished_call(
    suite: Suite, start: Callable[..., subprocess.Popen[bytes]], workers: tuple[str, ...]
) -> None:
    """The next run brings them into the store, each on its test, and says so."""
    reached = tuple(f"at-{name}" for name in "0123a")
    kill(start(*workers, "-k", "not beta", until=reached))
    assert journals(suite)
    assert not (suite.path / ".understudy/telemetry.db").exists()

    (suite.path / "go").touch()
    result = suite.run("-k", "test_call")

    assert "merged 5 events left behind by 1 earlier run" in lines_of(result)
    assert journals(suite) == []
    new, killed = suite.all_stored()
    assert new.count == {f"test_call[{number}]": 1 for number in range(4)}
    assert killed.count == new.count + Counter(["test_endless[a]"])
    assert killed.run.finished is None
    assert killed.outcomes["test_call[0]", 0] == "passed"
    assert killed.outcomes["test_endless[a]", 0] is None


def test_a_run_that_lives_is_not_touched(
    suite: Suite, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    """Another run beside it merges only its own; the first one ends as if alone."""
    first = start(until=("at-a",))

    result = suite.run("-k", "test_call")

    assert "merged" not in result.stdout.str()
    assert len(list(suite.all_stored())) == 1
    (suite.path / "go").touch()
    assert first.wait(timeout=60) == 0
    ended = {stored.count["test_endless[beta]"] for stored in suite.all_stored()}
    assert ended == {0, 2}


def test_the_calls_of_killed_runs_are_said_even_in_a_run_without_calls(
    suite: Suite, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    """Below the line that says so."""
    kill(start("-k", "endless and not beta", until=("at-a",)))
    (suite.path / "at-a").unlink()
    kill(start("-k", "endless and not beta", until=("at-a",)))
    suite.write("def test_it(): pass")

    lines = lines_of(suite.run())

    assert lines[-1] == "merged 2 events left behind by 2 earlier runs"


def test_half_a_line_is_left_out(suite: Suite) -> None:
    """A kill in the middle of a write costs that line only, which is said."""
    suite.write("def test_it(): pass")
    journal = suite.path / ".understudy/telemetry.db.journal/dead/main.jsonl"
    journal.parent.mkdir(parents=True)
    whole = '{"kind":"event","event_type":"llm_call","event_id":"1","call_id":"1","ts":1}'
    journal.write_text(f'{whole}\n{{"kind":"event","event_ty')

    lines = lines_of(suite.run())

    assert lines[-2:] == [
        "merged 1 event left behind by 1 earlier run",
        "understudy: 1 journal of killed processes ended in half a line, left out",
    ]


def test_a_line_that_makes_no_sense_is_kept_apart(suite: Suite) -> None:
    """It is counted, with its reason and the file that has it now."""
    suite.write("def test_it(): pass")
    journal = suite.path / ".understudy/telemetry.db.journal/dead/main.jsonl"
    journal.parent.mkdir(parents=True)
    journal.write_text('{"kind":"riddle"}\n')

    *_, line = lines_of(suite.run())

    kept = suite.path / ".understudy/telemetry.db.rejected.jsonl"
    assert line == f"understudy: 1 record refused, see {kept}: unknown kind 'riddle'"
    assert "riddle" in kept.read_text()
