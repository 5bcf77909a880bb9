"""Types of columns in the words of a database."""

from __future__ import annotations

from understudy.store._migrations._migration import translate_types

_STATEMENT = """
CREATE TABLE t (
    at TIMESTAMP NOT NULL,
    note TEXT,                  -- JSON and REAL are words here
    json JSON
) STRICT
"""


def test_only_the_types_of_columns_are_translated() -> None:
    """Comments, names and types without a translation stay."""
    translated = translate_types(_STATEMENT, {"TIMESTAMP": "TEXT", "JSON": "TEXT CHECK ({column})"})

    assert translated.splitlines() == [
        "CREATE TABLE t (",
        "    at TEXT NOT NULL,",
        "    note TEXT,                  -- JSON and REAL are words here",
        "    json TEXT CHECK (json)",
        ") STRICT",
    ]
