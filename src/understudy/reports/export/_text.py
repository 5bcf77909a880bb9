"""Rows as text: CSV after RFC 4180, and NDJSON, an object a line."""

from __future__ import annotations

import csv
import io
import json
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, Final, TypeAlias

from ...events import usd
from ...store.exports import Batch, ExportTable, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path


Changes: TypeAlias = "Mapping[Kind, Callable[[Any], Any]]"


def _changed(table: ExportTable, batch: Batch, changes: Changes) -> Iterator[Sequence[Any]]:
    for column, values in zip(table.columns, batch.values, strict=True):
        change = changes.get(column.kind)
        yield values if change is None else [v if v is None else change(v) for v in values]


class CsvFormat:
    """Writes a heading and a line for each row.

    The unknown is empty, switches are words, amounts have all their digits.
    """

    name: Final = "csv"

    def write(self, file: IO[bytes], table: ExportTable, batches: Iterable[Batch]) -> int:
        """Write all rows; return how many."""
        text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(text, lineterminator="\r\n")
        number = 0
        try:
            writer.writerow(column.name for column in table.columns)
            for batch in batches:
                writer.writerows(zip(*_changed(table, batch, _WORDS), strict=True))
                number += len(batch)
            text.flush()
        finally:
            text.detach()  # the file stays open: it is not ours to close
        return number

    def keys(self, path: Path, table: ExportTable) -> Iterator[tuple[Any, ...]]:
        """Yield the key of each row of a file."""
        with _long_fields(), path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            heading = next(rows, [])
            places = [heading.index(name) for name in table.key]
            for row in rows:
                if len(row) != len(heading):
                    msg = f"a line of {len(row)} cells instead of {len(heading)}"
                    raise ValueError(msg)
                yield tuple(row[place] for place in places)


_WORDS: Final[Changes] = {
    Kind.FLAG: lambda value: "true" if value else "false",
    Kind.USD: lambda value: format(usd(value).normalize(), "f"),
}


@contextmanager
def _long_fields() -> Iterator[None]:
    """Let the reader take prompts and answers, which are longer than it expects."""
    limit = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        yield
    finally:
        csv.field_size_limit(limit)


class NdjsonFormat:
    """Writes an object for each row, with null for what is unknown."""

    name: Final = "ndjson"

    def write(self, file: IO[bytes], table: ExportTable, batches: Iterable[Batch]) -> int:
        """Write all rows; return how many."""
        names = [column.name for column in table.columns]
        number = 0
        for batch in batches:
            rows = zip(*_changed(table, batch, _VALUES), strict=True)
            lines = [json.dumps(dict(zip(names, row, strict=True))) + "\n" for row in rows]
            file.write("".join(lines).encode())
            number += len(batch)
        return number

    def keys(self, path: Path, table: ExportTable) -> Iterator[tuple[Any, ...]]:
        """Yield the key of each row of a file."""
        with path.open("rb") as file:
            for line in file:
                row = json.loads(line)
                yield tuple(row[name] for name in table.key)


_VALUES: Final[Changes] = {
    Kind.JSON: json.loads,
    Kind.USD: lambda value: float(usd(value)),
}
