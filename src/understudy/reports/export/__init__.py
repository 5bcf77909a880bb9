"""The formats of exported rows, by their names, which are also what their files end in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._parquet import ParquetFormat
from ._text import CsvFormat, NdjsonFormat

if TYPE_CHECKING:
    from ...store.retention import Format

__all__ = ["CsvFormat", "NdjsonFormat", "ParquetFormat", "export_format"]


def export_format(name: str) -> Format:
    """Return the format `csv`, `ndjson` or `parquet`.

    Raises:
        SettingsError: it needs a package that is not installed.
    """
    if name == "parquet":
        return ParquetFormat.find()
    return CsvFormat() if name == "csv" else NdjsonFormat()
