"""The page on the store shows the schema as it is."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from understudy.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGE = Path(__file__).parents[2] / "docs" / "reference" / "store.md"
_SHOWN = re.compile(r"^CREATE (?:UNIQUE )?[A-Z]+ (\w+)", re.MULTILINE)
_OURS = """
    SELECT type, name, sql FROM sqlite_master
    WHERE sql IS NOT NULL AND name NOT LIKE '%sqlite%' AND type <> 'trigger' ORDER BY rowid
"""


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[tuple[str, str, str]]]:
    """Type, name and SQL of everything in a new store."""
    path = tmp_path_factory.mktemp("store") / "telemetry.db"
    open_store(path).close()
    with closing(sqlite3.connect(path)) as database:
        yield database.execute(_OURS).fetchall()


def test_every_table_and_index_is_shown_word_for_word(schema: list[tuple[str, str, str]]) -> None:
    """Its columns, constraints and comments."""
    page = _PAGE.read_text(encoding="utf-8")

    outdated = [f"{sql};" for _, _, sql in schema if f"{sql};" not in page]

    assert outdated == [], "put this into docs/reference/store.md:\n" + "\n\n".join(outdated)


def test_no_table_is_shown_that_is_not_there(schema: list[tuple[str, str, str]]) -> None:
    """None is left over from an older version."""
    page = _PAGE.read_text(encoding="utf-8")
    shown = set(_SHOWN.findall(page))

    assert shown == {name for _, name, _ in schema}
