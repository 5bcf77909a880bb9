"""Where a store is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from understudy.errors import SettingsError
from understudy.store import journal_root, parse_location, redact
from understudy.store._location import FileLocation, ServerLocation

_SECRET = "postgresql://me:s3cret@db.example:5432/llm"


@pytest.mark.parametrize(
    ("location", "path"),
    [
        (".understudy/telemetry.db", ".understudy/telemetry.db"),
        (Path("a/b.db"), "a/b.db"),
        (Path("postgresql://not/a/url"), "postgresql:/not/a/url"),
        ("sqlite:///a/b.db", "a/b.db"),
        ("sqlite:////tmp/b.db", "/tmp/b.db"),
        ("C:\\data\\b.db", "C:\\data\\b.db"),
    ],
)
def test_a_path_is_a_file_of_sqlite(location: str | Path, path: str) -> None:
    """With or without the scheme; a Path is never a URL."""
    found = parse_location(location)

    assert found == FileLocation(Path(path))
    assert str(found) == str(Path(path))


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_url_of_postgresql_is_a_server(scheme: str) -> None:
    """Both schemes are PostgreSQL's own."""
    assert isinstance(parse_location(f"{scheme}://me@host/llm"), ServerLocation)


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("", "needs a file or a URL"),
        (":memory:", "needs a file or a URL"),
        ("postgresq://host/llm", "unknown kind of store 'postgresq'.*Did you mean 'postgresql'"),
        ("mysql://me:s3cret@host/llm", r"unknown kind of store 'mysql' in mysql://me:\*\*\*@host"),
        ("sqlite://telemetry.db", "three slashes"),
        ("postgresql:/host/llm", "is no URL"),
        (
            "postgresql://me:s3cret@host:port/llm",
            r"'postgresql://me:\*\*\*@host:port/llm' is no URL",
        ),
        ("postgresql://me:s3cret@[host/llm", "is no URL"),
    ],
)
def test_a_location_that_makes_no_sense_is_refused_in_one_line(location: str, message: str) -> None:
    """It says what would be right, and no password."""
    with pytest.raises(SettingsError, match=message) as caught:
        parse_location(location)

    assert "\n" not in str(caught.value)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("name", ["n" * 400, "p/" * 4000 + "x.db", "a\0b.db"])
def test_a_name_that_no_file_can_have_is_refused_in_one_line(name: str) -> None:
    """Shortened, as a path and as a URL."""
    for location in (name, f"sqlite:///{name}"):
        with pytest.raises(SettingsError, match=r"^the store '.{1,100} can be no file: ") as caught:
            parse_location(location)
        assert len(str(caught.value)) < 200


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    """A file in it would be."""
    with pytest.raises(SettingsError, match="is a folder; name a file in it"):
        parse_location(str(tmp_path))


def test_a_server_without_its_client_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package is an extra."""
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(SettingsError, match=r"pip install 'pytest-understudy\[postgres\]'"):
        parse_location("postgresql://host/llm")


@pytest.mark.parametrize(
    ("url", "redacted"),
    [
        (_SECRET, "postgresql://me:***@db.example:5432/llm"),
        ("postgresql://me:p@ss:w/rd@host/llm", "postgresql://me:***@host/llm"),
        (
            "postgresql://host/llm?user=me&password=x&a=b",
            "postgresql://host/llm?user=me&password=***&a=b",
        ),
        ("postgresql://host/llm?sslpassword=x", "postgresql://host/llm?sslpassword=***"),
        ("postgresql://me@host/llm", "postgresql://me@host/llm"),
        (".understudy/telemetry.db", ".understudy/telemetry.db"),
    ],
)
def test_a_password_is_never_shown(url: str, redacted: str) -> None:
    """Wherever in a URL it stands."""
    assert redact(url) == redacted


def test_the_text_of_a_server_has_no_password() -> None:
    """Neither for people nor in a traceback."""
    server = ServerLocation(_SECRET)

    assert "s3cret" not in f"{server} {server!r} {[server]}"


def test_the_journals_of_a_file_are_beside_it(tmp_path: Path) -> None:
    """Two stores in one folder have journals of their own."""
    roots = {
        journal_root(tmp_path / name, state_folder=tmp_path / "elsewhere")
        for name in ("a.db", "a.sqlite")
    }

    assert roots == {tmp_path / "a.db.journal", tmp_path / "a.sqlite.journal"}


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (_SECRET, "postgresql-db.example-5432-llm.journal"),
        ("postgresql:///llm", "postgresql-local-llm.journal"),
        ("postgresql://[::1]/a%2Fb", "postgresql-_1-a_2Fb.journal"),
    ],
)
def test_the_journals_of_a_server_are_with_our_own_files(url: str, name: str) -> None:
    """In a folder with a name for each database, without a password."""
    assert journal_root(url, state_folder=Path("state")) == Path("state", name)
