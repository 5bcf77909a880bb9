"""How large the store is."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final, Protocol

from ._families import gauge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

_BYTES: Final = "llm_store_bytes"
_ROWS: Final = "llm_store_rows"
_OLDEST: Final = "llm_store_oldest_timestamp_seconds"


class Footprint(Protocol):
    """How large a store is."""

    @property
    def size_bytes(self) -> int:
        """The bytes of all of it."""

    @property
    def rows(self) -> Mapping[str, int]:
        """The rows of each table."""

    @property
    def oldest(self) -> datetime | None:
        """When its oldest event was; None where it has none."""


class StoreGauges:
    """Shows how large a store is whenever somebody looks; a collector of prometheus-client's.

    A store that cannot be read fails no scrape: its series are missing then, which is said once,
    by a warning in the log `understudy.prometheus`.

    Args:
        footprint: looks at the store.
    """

    def __init__(self, footprint: Callable[[], Footprint]) -> None:
        self._footprint = footprint
        self._is_told = False

    def describe(self) -> list[Any]:
        """Return the families without series."""
        return _families(None)

    def collect(self) -> list[Any]:
        """Return the gauges, as they are now."""
        try:
            return _families(self._footprint())
        except Exception as error:  # noqa: BLE001 - the other metrics are wanted all the more
            if not self._is_told:
                self._is_told = True
                logging.getLogger("understudy.prometheus").warning(
                    "the store cannot be read for its gauges (%s: %s); the other metrics go on."
                    " This is said once.", type(error).__name__, error,
                )  # fmt: skip
            return _families(None)


def _families(told: Footprint | None) -> list[Any]:
    size = gauge(_BYTES, "Bytes of the store.")
    rows = gauge(_ROWS, "Rows of the store's tables.", ["table"])
    oldest = gauge(_OLDEST, "When the oldest event of the store was, since the epoch.")
    if told is not None:
        size.add_metric((), told.size_bytes)
        for table, count in told.rows.items():
            rows.add_metric((table,), count)
        if told.oldest is not None:
            oldest.add_metric((), told.oldest.timestamp())
    return [size, rows, oldest]
