"""Opening a file of SQLite as a store."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from tests.unit.durable.other_process import run_python
from tests.unit.store.samples import RUN, call

from understudy.errors import StoreError
from understudy.store import open_store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Where the store is to be."""
    return tmp_path / "telemetry.db"


def _pragma(db: Path, name: str) -> object:
    with closing(sqlite3.connect(db)) as database:
        return database.execute(f"PRAGMA {name}").fetchone()[0]


def test_a_new_store_is_made_with_its_folder(tmp_path: Path) -> None:
    """Our own folder is ignored by git."""
    with open_store(tmp_path / ".understudy" / "telemetry.db") as store:
        assert store.runs() == []
        assert store.set_aside is None

    assert (tmp_path / ".understudy" / ".gitignore").read_text() == "*\n"


def test_a_new_store_logs_ahead_and_gives_pages_back(db: Path) -> None:
    """Both can be chosen only when a file is made."""
    open_store(db).close()

    assert _pragma(db, "journal_mode") == "wal"
    assert _pragma(db, "auto_vacuum") == 2


def test_a_store_is_found_again(db: Path) -> None:
    """To read, or to go on."""
    with open_store(db) as store:
        store.write_run(RUN)

    for create in (True, False):
        with open_store(db, create=create) as store:
            assert store.runs() == [RUN]


def test_an_empty_file_becomes_a_store(db: Path) -> None:
    """As SQLite itself sees it."""
    db.touch()

    with open_store(db) as store:
        assert store.runs() == []
        assert store.set_aside is None


def test_only_a_file_of_an_older_version_costs_the_import_of_sqlite_utils(db: Path) -> None:
    """It takes longer than all else."""
    open_store(db).close()

    told = run_python(
        """
        import sys
        from pathlib import Path
        from understudy.store import open_store
        open_store(Path(sys.argv[1])).close()
        print("sqlite_utils" in sys.modules)
        """,
        db,
    )

    assert told.split() == ["False"]


def test_a_missing_store_cannot_be_read(db: Path) -> None:
    """Reading makes none."""
    with pytest.raises(StoreError, match=r"no store at .*telemetry\.db; `pytest --llm-telemetry`"):
        open_store(db, create=False)

    assert not db.exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file stands where it should be."""
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match=r"folder of the store .*telemetry\.db cannot be made"):
        open_store(tmp_path / "file" / "telemetry.db")


def test_a_path_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    """It leads nowhere."""
    db = tmp_path / "telemetry.db"
    db.symlink_to(tmp_path / "missing" / "telemetry.db")

    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(db)


def test_a_python_with_an_old_sqlite_says_so(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any file is made."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))

    with pytest.raises(StoreError, match=r"needs SQLite 3\.37 or newer; this Python has 3\."):
        open_store(db)

    assert not db.exists()


def test_the_database_of_an_app_is_left_alone(db: Path) -> None:
    """Ours are not added to its tables."""
    with closing(sqlite3.connect(db)) as database:
        database.execute("CREATE TABLE users (name TEXT)")
    before = db.read_bytes()

    with pytest.raises(StoreError, match="is a database, but not a telemetry store"):
        open_store(db)

    assert db.read_bytes() == before


def test_a_store_of_a_newer_version_is_left_alone(db: Path) -> None:
    """The way out is said."""
    open_store(db).close()
    with closing(sqlite3.connect(db)) as database:
        database.execute("PRAGMA user_version = 999")

    with pytest.raises(StoreError, match=r"newer pytest-understudy \(schema 999.*upgrade"):
        open_store(db)


def test_many_processes_may_make_the_same_store(db: Path) -> None:
    """Each waits for the other, each writes its own."""
    script = """if True:
        import sys
        from pathlib import Path
        from tests.unit.store.samples import NOON, call
        from understudy.store import Run, open_store
        sys.stdin.readline()
        with open_store(Path(sys.argv[1]), timeout=30) as store:
            store.write_run(Run(run_id=sys.argv[2], started=NOON))
            assert store.write_events([call(run_id=sys.argv[2])]).written == 1
    """
    processes = [
        subprocess.Popen([sys.executable, "-c", script, db, f"run{number}"], stdin=subprocess.PIPE)
        for number in range(4)
    ]

    for process in processes:
        process.communicate(b"go\n")

    assert [process.returncode for process in processes] == [0] * 4
    with open_store(db) as store:
        assert sorted(run.run_id for run in store.runs()) == [f"run{n}" for n in range(4)]
        assert store.footprint().rows["telemetry"] == 4


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs users")
def test_a_store_in_a_read_only_folder_can_be_read() -> None:
    """And says why it cannot be written."""
    told = run_python(
        """
        import os, shutil, tempfile
        from pathlib import Path
        from tests.unit.store.samples import RUN, call
        from understudy.errors import StoreError
        from understudy.store import open_store
        folder = Path(tempfile.mkdtemp())
        db = folder / "telemetry.db"
        try:
            with open_store(db) as store:
                store.write_run(RUN)
            for path, mode in ((db, 0o444), (folder, 0o555)):
                path.chmod(mode)
            if os.geteuid() == 0:
                os.seteuid(65534)
            with open_store(db, create=False) as store:
                print(store.latest_run_id())
                try:
                    store.write_run(RUN)
                except StoreError as error:
                    print(error)
            try:
                open_store(folder / "other.db")
            except StoreError as error:
                print(error)
        finally:
            os.seteuid(os.getuid())
            folder.chmod(0o755)
            shutil.rmtree(folder)
        """
    )

    run_id, writing, making = told.splitlines()
    assert run_id == "run"
    assert "read-only" in writing
    assert "see whether its folder can be written" in making


def test_a_damaged_store_cannot_be_read(db: Path) -> None:
    """Reading sets nothing aside."""
    db.write_text("This is not SQLite.")

    with pytest.raises(StoreError, match="corrupt"):
        open_store(db, create=False)

    assert db.read_text() == "This is not SQLite."


def test_a_store_that_was_cut_off_is_set_aside(db: Path) -> None:
    """With all that is left of it."""
    with open_store(db) as store:
        store.write_run(RUN)
        store.write_events([call() for _ in range(50)])
    rest = db.read_bytes()[:20_000]
    db.write_bytes(rest)

    with open_store(db) as store:
        assert store.runs() == []
        assert store.set_aside is not None
        assert store.set_aside.name.startswith("telemetry.db.corrupt-2")
        assert store.set_aside.read_bytes() == rest
