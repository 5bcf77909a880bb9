"""Parquet, by pyarrow: typed batches with an explicit schema, a row group each."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import IO, TYPE_CHECKING, Any, Final, Self

from ...errors import SettingsError
from ...events import usd
from ...store import SCHEMA_VERSION
from ...store.exports import Batch, ExportTable, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path


#: Seconds have the decimals that the column has.
_RFC_3339: Final = "%Y-%m-%dT%H:%M:%SZ"


class ParquetFormat:
    """Writes columns of their own types; what is unknown is null in each of them.

    The metadata of the file says the version of the store's schema and the table.
    """

    name: Final = "parquet"

    def __init__(self) -> None:
        self._arrow: Any = import_module("pyarrow")  # half a second, for those who ask for it
        self._parquet: Any = import_module("pyarrow.parquet")

    @classmethod
    def find(cls) -> Self:
        """Return the format.

        Raises:
            SettingsError: pyarrow is not installed.
        """
        if find_spec("pyarrow") is None:
            msg = "Parquet needs pyarrow: pip install 'pytest-understudy[parquet]'"
            raise SettingsError(msg)
        return cls()

    def write(self, file: IO[bytes], table: ExportTable, batches: Iterable[Batch]) -> int:
        """Write all rows; return how many."""
        schema = self._schema(table)
        number = 0
        with self._parquet.ParquetWriter(file, schema, compression="zstd") as writer:
            for batch in batches:
                columns = zip(table.columns, batch.values, schema, strict=True)
                arrays = [
                    self._array(column.kind, values, field.type)
                    for column, values, field in columns
                ]
                writer.write_batch(self._arrow.record_batch(arrays, schema=schema))
                number += len(batch)
        return number

    def keys(self, path: Path, table: ExportTable) -> Iterator[tuple[Any, ...]]:
        """Yield the key of each row of a file; times as the text that they are elsewhere."""
        columns = list(table.key)
        with self._parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(columns=columns):
                yield from zip(*(self._texts(batch[name]) for name in columns), strict=True)

    def _schema(self, table: ExportTable) -> Any:
        arrow = self._arrow
        types = {
            Kind.WHOLE: arrow.int64(),
            Kind.REAL: arrow.float64(),
            Kind.USD: arrow.float64(),
            Kind.FLAG: arrow.bool_(),
            Kind.TIME: arrow.timestamp("us", tz="UTC"),
        }
        fields = [
            arrow.field(each.name, types.get(each.kind, arrow.string())) for each in table.columns
        ]
        about = {
            "understudy.schema": str(SCHEMA_VERSION),
            "understudy.table": table.name,
            "understudy.version": version("pytest-understudy"),
        }
        return arrow.schema(fields, metadata=about)

    def _array(self, kind: Kind, values: Sequence[Any], wanted: Any) -> Any:
        if kind is Kind.TIME:
            return self._arrow.array(values, type=self._arrow.string()).cast(wanted)
        if kind is Kind.USD:
            values = [None if value is None else float(usd(value)) for value in values]
        return self._arrow.array(values, type=wanted)

    def _texts(self, column: Any) -> list[Any]:
        if self._arrow.types.is_timestamp(column.type):
            column = import_module("pyarrow.compute").strftime(column, format=_RFC_3339)
        return list(column.to_pylist())
