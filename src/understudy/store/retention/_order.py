"""What is to be pruned, and what came of it."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import IO, TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from .._records import Space
    from ..exports import Batch, ExportTable

#: Is told of each point that is reached, and of how many rows.
Watch: TypeAlias = "Callable[[str, int], None]"


class Format(Protocol):
    """Writes rows into a file, and reads back which they are; `name` is what files end in."""

    @property
    def name(self) -> str:
        """The name of the format."""

    def write(self, file: IO[bytes], table: ExportTable, batches: Iterable[Batch]) -> int:
        """Write all rows; return how many."""

    def keys(self, path: Path, table: ExportTable) -> Iterator[tuple[Any, ...]]:
        """Yield the key of each row of a file.

        Raises:
            ValueError: it is no whole file of this format.
            OSError: it cannot be read.
        """


@dataclass(frozen=True, slots=True)
class Archive:
    """Where rows go before they are deleted."""

    folder: Path
    form: Format


@dataclass(frozen=True, slots=True)
class PruneOrder:
    """Which rows go: those from before a moment, in `seconds` at most.

    `estimates` are kept unless asked for. Of runs in `spared` nothing goes, those in `kept` stay
    themselves, with their tests. Without an `archive` rows are deleted and not exported.
    """

    before: datetime
    _: KW_ONLY
    estimates: bool = False
    spared: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    archive: Archive | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A file with rows of a table that were deleted."""

    path: Path
    table: str
    rows: int


@dataclass(frozen=True, slots=True)
class TablePlan:
    """How many rows of a table would go, and about how many bytes; None is unknown."""

    rows: int
    size_bytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PruneReport:
    """What went: rows by table, and the files that hold them.

    `finished` is False where the time was up: the next prune goes on. `missing` are files whose
    rows were about to be deleted, and that somebody moved away meanwhile: what was left of their
    rows was taken as if they had never been exported.
    """

    before: datetime
    rows: Mapping[str, int]
    files: tuple[ArchiveFile, ...]
    missing: tuple[Path, ...]
    finished: bool
    space: Space
