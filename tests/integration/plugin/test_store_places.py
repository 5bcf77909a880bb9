"""`--llm-store`: where a run is stored, and what stands in the way."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.support.suite import STORE, alone_or_two, lines_of

from understudy.store import merge_journals

if TYPE_CHECKING:
    from tests.support.suite import Suite

CALLING = """
    import pytest
    from ask import ask

    @pytest.mark.parametrize("number", range(2))
    def test_call(number):
        ask()
"""


@pytest.fixture(autouse=True)
def _calling(suite: Suite) -> None:
    suite.write(CALLING)


def warning_of(result: pytest.RunResult) -> str:
    """Return the one line that says what went wrong; the tests have passed all the same."""
    assert result.ret == 0
    result.assert_outcomes(passed=2)
    (warning,) = [line for line in lines_of(result) if line.startswith("understudy: ")]
    assert "calls   2" in result.stdout.str()
    return warning.removeprefix("understudy: ")


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ((), STORE),
        (("--llm-store=calls.db",), "calls.db"),
        (("--llm-store=a/new/folder/calls.sqlite",), "a/new/folder/calls.sqlite"),
        (("--llm-store=sqlite:///calls.db",), "calls.db"),
        (("-o", "llm_store=calls.db"), "calls.db"),
    ],
)
def test_the_store_is_below_rootdir(suite: Suite, options: tuple[str, ...], place: str) -> None:
    """Wherever pytest is called from, and whoever says it."""
    folder = suite.pytester.mkdir("elsewhere")
    suite.pytester.makeini("[pytest]")

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        suite.run(str(suite.path / "test_it.py"), *options)

    assert suite.stored(place).count == {"test_call[0]": 1, "test_call[1]": 1}


def test_an_absolute_path_stays(suite: Suite) -> None:
    """The store may be outside of rootdir."""
    place = suite.path.parent / "calls.db"

    suite.run(f"--llm-store={place}")

    assert len(suite.stored(str(place)).calls) == 2


def test_the_folder_of_the_store_ignores_itself(suite: Suite) -> None:
    """Nobody commits it by accident."""
    suite.run()

    assert (suite.path / ".understudy/.gitignore").read_text() == "*\n"


def test_runs_add_up(suite: Suite) -> None:
    """A second run is stored beside the first."""
    suite.run()
    suite.run()

    newest, oldest = suite.all_stored()
    assert newest.count == oldest.count
    assert newest.run.run_id != oldest.run.run_id


@alone_or_two
def test_a_run_is_described(suite: Suite, workers: tuple[str, ...]) -> None:
    """Versions, platform, command line, workers, beginning and end."""
    suite.run("--llm-store=calls.db", *workers)

    run = suite.stored("calls.db").run
    assert run.finished is not None
    assert run.finished > run.started
    assert run.exit_status == 0
    assert run.pytest_version == pytest.__version__
    assert run.python_version == ".".join(map(str, sys.version_info[:3]))
    assert run.options is not None
    assert "--llm-store=calls.db" in run.options
    assert run.worker_count == (2 if "-n2" in workers else 1)
    assert run.git_commit is None


def test_the_commit_is_noted_where_there_is_one(suite: Suite) -> None:
    """And whether tracked files differ from it."""
    git = ["git", "-c", "user.name=x", "-c", "user.email=x", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "test_it.py"], ["commit", "-qm", "x"]):
        subprocess.run([*git, *words], cwd=suite.path, check=True)

    suite.run()
    clean = suite.stored().run
    (suite.path / "test_it.py").write_text("def test_it(): pass")
    suite.run()
    dirty = suite.stored().run

    assert clean.git_commit == dirty.git_commit
    assert (clean.git_dirty, dirty.git_dirty) == (False, True)


def test_another_database_is_left_alone(suite: Suite) -> None:
    """Somebody else's tables are not touched; the calls wait in journals."""
    place = suite.path / "theirs.db"
    with closing(sqlite3.connect(place)) as database:
        database.execute("CREATE TABLE theirs (x)")
        database.commit()
    before = place.read_bytes()

    warning = warning_of(suite.run("--llm-store=theirs.db"))

    assert warning == (
        f"the store was not written: {place} is a database, but not a telemetry store; name another"
        f" file. The journals stay in {place}.journal, and the next run merges them."
    )
    assert place.read_bytes() == before


def test_another_file_is_left_alone(suite: Suite) -> None:
    """What is no database and is not named like one is not set aside."""
    place = suite.path / "notes.txt"
    place.write_text("Do not forget the milk. " * 100)

    warning = warning_of(suite.run("--llm-store=notes.txt"))

    assert "notes.txt is not a database; name another file" in warning
    assert "milk" in place.read_text()


def test_a_corrupt_store_is_set_aside(suite: Suite) -> None:
    """The run goes into a new one; nothing is overwritten."""
    (suite.path / "calls.db").write_bytes(b"SQLite format 3\0" + b"rubbish" * 1000)

    warning = warning_of(suite.run("--llm-store=calls.db"))

    (aside,) = suite.path.glob("calls.db.corrupt-*")
    assert warning == f"the store was corrupt; it was set aside as {aside}, a new one begun"
    assert b"rubbish" in aside.read_bytes()
    assert len(suite.stored("calls.db").calls) == 2


def test_a_locked_store_gets_the_calls_next_time(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program holds it for longer than we wait."""
    monkeypatch.setitem(merge_journals.__kwdefaults__ or {}, "timeout", 0.1)
    suite.run()

    with closing(sqlite3.connect(suite.path / STORE, isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        warning = warning_of(suite.run())

    assert "is locked by another process" in warning
    assert f"The journals stay in {suite.path / STORE}.journal" in warning
    later = suite.run()
    assert "merged 2 events left behind by 1 earlier run" in lines_of(later)
    assert len(list(suite.all_stored())) == 3


@pytest.mark.parametrize(
    ("place", "options"),
    [
        ("ask.py/calls.db", ()),
        ("ask.py/calls.db", ("-n1",)),
        ("/dev/null/calls.db", ()),
        ("/proc/calls.db", ()),
    ],
)
def test_a_place_that_cannot_be_written(suite: Suite, place: str, options: tuple[str, ...]) -> None:
    """Below a file, or in a read-only file system: the calls are kept elsewhere."""
    warning = warning_of(suite.run(f"--llm-store={place}", *options))

    assert warning.startswith("the store was not written: ")
    kept = warning.partition("Calls that no journal took are kept in ")[2].rstrip(".")
    assert Path(kept).read_text().count('"llm_call"') == 2


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_full_disk(suite: Suite, workers: tuple[str, ...]) -> None:
    """No file can grow any more: the figures are right, and one line says what was lost."""
    suite.write(
        CALLING,
        conftest="""
        import resource

        def pytest_collection_finish():
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    """,
    )

    run = [sys.executable, "-m", "pytest", *suite.arguments("-s", "-p", "no:cacheprovider")]
    uncovered = {name: value for name, value in os.environ.items() if "COV" not in name}
    ended = subprocess.run(
        [*run, *workers], cwd=suite.path, env=uncovered, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 0
    assert "2 passed" in ended.stdout
    assert "calls   2, 2 live, in 2 tests" in ended.stdout
    (warning,) = re.findall("^understudy: .*$", ended.stdout, re.MULTILINE)
    assert "File too large" in warning


def test_a_place_that_turns_into_a_folder(suite: Suite) -> None:
    """Nobody foresees everything: it is a fault, and a budget that cannot be judged is broken."""
    suite.write("""
        from pathlib import Path
        from ask import ask

        def test_it():
            ask()
            Path("calls.db").mkdir()
    """)

    result = suite.run("--llm-store=calls.db", "--llm-budget=1")

    result.assert_outcomes(passed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert lines_of(result) == [
        (
            "understudy: 1 fault while merging the journals: SettingsError:"
            f" the store '{suite.path}/calls.db' is a folder; name a file in it"
        ),
        (
            "FAILED llm_budget: the calls of the run could not be read,"
            " so its budget cannot be judged"
        ),
    ]


@pytest.mark.parametrize("keeps", [True, False])
def test_content_is_stored_only_if_asked_for(
    suite: Suite, workers: tuple[str, ...], *, keeps: bool
) -> None:
    """Prompts and answers are in the file, or no trace of them."""
    suite.pytester.makeini(f"[pytest]\nllm_store_content = {keeps}")

    suite.run(*workers)

    texts = [call.response_content for call in suite.stored().calls]
    assert texts == ["word0 word1 word2 word3 " if keeps else None] * 2
    assert (b"Say some words." in (suite.path / STORE).read_bytes()) is keeps


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(suite: Suite) -> None:
    """The calls are kept elsewhere."""
    place = suite.pytester.mkdir("kept")
    place.chmod(stat.S_IRUSR | stat.S_IXUSR)

    warning = warning_of(suite.run("--llm-store=kept/calls.db"))

    assert "Calls that no journal took are kept in " in warning
    place.chmod(stat.S_IRWXU)
