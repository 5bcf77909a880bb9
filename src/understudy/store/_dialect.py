"""Gives the words of a migration to a database in its own dialect."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_COLUMN = re.compile(r"^( +)(\w+) (TIMESTAMP|JSON|BOOLEAN|INTEGER|REAL|BLOB)\b", re.MULTILINE)


def translate_types(statement: str, types: Mapping[str, str]) -> str:
    """Replace each column's type; `{column}` in a replacement stands for the column's name."""

    def replace(match: re.Match[str]) -> str:
        indent, column, kind = match.groups()
        return f"{indent}{column} {types.get(kind, kind).format(column=column)}"

    return _COLUMN.sub(replace, statement.strip())
