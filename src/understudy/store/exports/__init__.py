"""Rows as they leave the store: which tables, which columns, and their values."""

from ._read import BATCH, Batch, Selection, count, read, selection
from ._tables import Column, ExportTable, Kind, export_tables, microseconds

__all__ = [
    "BATCH",
    "Batch",
    "Column",
    "ExportTable",
    "Kind",
    "Selection",
    "count",
    "export_tables",
    "microseconds",
    "read",
    "selection",
]
