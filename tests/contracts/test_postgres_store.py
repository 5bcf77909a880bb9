"""What only the store on a server does."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.support.postgres_server import PASSWORD
from tests.unit.store.samples import NOON, RUN, call, claim, event_line, write_journal

from understudy.errors import SettingsError, StoreError
from understudy.store import Phase, journal_root, merge_journals, migrate_store, open_store
from understudy.store._migrations import MIGRATIONS
from understudy.store._postgres import _connection, _open
from understudy.store._postgres._connection import PostgresConnection

if TYPE_CHECKING:
    from tests.support.postgres_server import PostgresServer

psycopg = pytest.importorskip("psycopg")


def test_a_store_is_found_again(postgres_url: str) -> None:
    """To read, or to go on."""
    with open_store(postgres_url) as store:
        store.write_run(RUN)

    for create in (True, False):
        with open_store(postgres_url, create=create) as store:
            assert store.runs() == [RUN]
            assert store.set_aside is None


def test_journals_are_merged_into_a_server(postgres_url: str, tmp_path: Path) -> None:
    """As into a file."""
    root = journal_root(postgres_url, state_folder=tmp_path)
    write_journal(root, event_line(call()), event_line(call(error="\0")), b"noise")

    report = merge_journals(postgres_url, [claim(root)])

    assert (report.written, report.rejected, report.failure) == (1, 2, None)
    assert report.rejected_path == root.with_suffix(".rejected.jsonl")
    assert list(root.iterdir()) == []


def test_a_missing_store_cannot_be_read(postgres_url: str) -> None:
    """Reading makes none."""
    with pytest.raises(StoreError, match="there is no store at postgresql://"):
        open_store(postgres_url, create=False)


def test_the_tables_of_an_app_are_left_alone(postgres_url: str) -> None:
    """A schema of its own is proposed."""
    with psycopg.connect(postgres_url) as database:
        database.execute("CREATE TABLE users (name TEXT)")

    with pytest.raises(StoreError, match=r"holds other tables and no telemetry.*csearch_path"):
        open_store(postgres_url)


def test_a_store_of_a_newer_version_is_left_alone(postgres_url: str) -> None:
    """The way out is said."""
    open_store(postgres_url).close()
    with psycopg.connect(postgres_url) as database:
        database.execute("UPDATE understudy_schema SET version = 999")

    with pytest.raises(StoreError, match=r"newer pytest-understudy \(schema 999"):
        open_store(postgres_url)


def test_a_migration_that_was_done_meanwhile_is_not_done_again(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runners meet a new database."""
    looks = iter([0])
    look = _open._version
    monkeypatch.setattr(_open, "_version", lambda *known: next(looks, None) or look(*known))
    open_store(postgres_url).close()

    open_store(postgres_url).close()

    with psycopg.connect(postgres_url) as database:
        versions = database.execute("SELECT version FROM understudy_schema").fetchall()
        assert versions == [(_open.CURRENT_VERSION,)]


def test_a_store_on_a_server_is_migrated_and_the_steps_are_said(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second time there is nothing to do; where there is none, none is made."""
    with pytest.raises(StoreError, match="there is no store at"):
        migrate_store(postgres_url)
    with monkeypatch.context() as patch:
        patch.setattr(_open, "MIGRATIONS", MIGRATIONS[:4])
        patch.setattr(_open, "CURRENT_VERSION", 4)
        open_store(postgres_url).close()

    done, again = migrate_store(postgres_url), migrate_store(postgres_url)

    assert (done.before, done.after) == (4, len(MIGRATIONS))
    assert done.steps[0] == "0005_run_kind"
    assert PASSWORD not in done.location
    assert again.steps == ()


def test_a_writer_that_takes_too_long_is_not_waited_for(postgres_url: str) -> None:
    """The journals stay for the next run."""
    open_store(postgres_url).close()
    with psycopg.connect(postgres_url) as other:
        other.execute("SELECT pg_advisory_lock(%s)", (_connection._WRITER,))

        with (
            open_store(postgres_url, timeout=0.05) as store,
            pytest.raises(StoreError, match="is locked by another process"),
        ):
            store.write_run(RUN)


def test_every_writer_adds_to_the_rollups_of_all(postgres_url: str) -> None:
    """Stores of several runners, one after the other."""
    for run_id in ("first", "second"):
        with open_store(postgres_url) as store:
            store.write_run(RUN.model_copy(update={"run_id": run_id}))
            store.write_events([call(run_id=run_id)])

    with open_store(postgres_url) as store:
        assert [found.attempts for found in store.statistics_by_model(since=NOON)] == [2]


def test_the_cost_in_usd_has_six_decimals(postgres_url: str) -> None:
    """It follows from the cost in nano-USD."""
    with open_store(postgres_url) as store:
        store.write_run(RUN)
        store.write_events([call(cost_nanousd=1234567891)])

    with psycopg.connect(postgres_url) as database:
        assert database.execute("SELECT cost_usd FROM telemetry").fetchall() == [(1.234568,)]


def test_a_table_in_partitions_is_a_store_as_any_other(postgres_url: str) -> None:
    """In the words of the how-to: calls are written, told apart and pruned."""
    page = (Path(__file__).parents[2] / "docs/how-to/keep-a-store-small.md").read_text()
    making, dropping = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    open_store(postgres_url).close()
    with psycopg.connect(postgres_url) as database:
        database.execute(making)
    november, december = (
        call(ts=datetime(2026, month, 30, tzinfo=UTC), cost_nanousd=1) for month in (11, 12)
    )

    with open_store(postgres_url) as store:
        store.write_run(RUN)
        assert store.write_events([november, december]).written == 2
        assert store.write_events([november, december]).written == 0
        with psycopg.connect(postgres_url) as database:
            database.execute(dropping)
        assert store.events("run") == [december]
        assert store.write_events([november]).late == 1


@pytest.mark.parametrize("password", ["wr0ng", "wr%400ng"])
def test_a_refused_password_is_not_told(postgres_server: PostgresServer, password: str) -> None:
    """Neither right nor wrong ones."""
    with pytest.raises(StoreError, match=r"cannot be reached: .*authentication failed") as caught:
        open_store(postgres_server.url(password=password))

    assert "wr" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_url_with_an_unknown_parameter_is_a_wrong_setting(
    postgres_server: PostgresServer,
) -> None:
    """In one line, without the password."""
    with pytest.raises(SettingsError, match='query parameter: "bogus"') as caught:
        open_store(f"{postgres_server.url()}&bogus=1")

    assert PASSWORD not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_server_that_went_away_is_an_error_of_the_store(postgres_url: str) -> None:
    """Whatever it was doing."""
    with open_store(postgres_url) as store, psycopg.connect(postgres_url) as other:
        assert isinstance(store._connection, PostgresConnection)
        process = store._connection._database.info.backend_pid
        other.execute("SELECT pg_terminate_backend(%s)", (process,))

        with pytest.raises(StoreError, match="cannot be used"):
            store.write_phases([Phase(run_id="run", phase_id="test")])
