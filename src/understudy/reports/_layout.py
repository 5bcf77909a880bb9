"""Lines of a report, and tables of text that fit a terminal."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ..errors import printable
from ._number_format import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_GAP: Final = "  "
#: A name is never cut further than this.
_SHORTEST_NAME: Final = 8
#: Cells that say nothing.
_EMPTY: Final = frozenset({"", "-", "0"})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; `markup` is what `TerminalReporter.write_line` takes by keyword."""

    text: str = ""
    markup: Mapping[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Let nothing through that steers a terminal."""
        object.__setattr__(self, "text", printable(self.text))


def heading(text: str) -> Line:
    """Make a line that opens a part of the report."""
    return Line(text, {"bold": True})


def warning(text: str) -> Line:
    """Make a line that says what the figures leave out."""
    return Line(text, {"yellow": True})


def wrap(text: str, width: int, *, indent: int = 2) -> list[str]:
    """Break a text at blanks into lines of `width`; a longer word, as a path, stays whole."""
    return textwrap.wrap(
        text, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False
    )


@dataclass(frozen=True, slots=True)
class Column:
    """A titled column.

    A name is set left, and shortened to `name` characters before any column is left out;
    anything else is set right. The column of the least `rank` is left out first, one
    without a rank never; a `quiet` one already where no cell says anything.
    """

    title: str
    cells: tuple[str, ...]
    rank: int = 0
    name: int = 0
    quiet: bool = False

    def __post_init__(self) -> None:
        """Clean the cells before anybody measures them."""
        object.__setattr__(self, "cells", tuple(map(printable, self.cells)))

    @property
    def width(self) -> int:
        """The width that it would like."""
        return max(len(text) for text in (self.title, *self.cells))


def lay_out(columns: Iterable[Column], width: int) -> list[str]:
    """Write columns as lines of at most `width` characters, the titles first."""
    shown = [column for column in columns if not _silent(column)]
    while _least_width(shown) > width and any(column.rank for column in shown):
        shown.remove(min((c for c in shown if c.rank), key=lambda c: c.rank))
    widths = _widths(shown, width)
    titles = [column.title for column in shown]
    rows = zip(*(column.cells for column in shown), strict=True)
    return [_line(row, shown, widths)[:width] for row in (titles, *rows)]


def fits(columns: Iterable[Column], width: int) -> bool:
    """Tell whether all columns that say anything have room, with names cut."""
    return _least_width([column for column in columns if not _silent(column)]) <= width


def _silent(column: Column) -> bool:
    return column.quiet and all(cell in _EMPTY for cell in column.cells)


def _least_width(columns: Sequence[Column]) -> int:
    """Return the width of the table with its names cut."""
    widths = (min(c.width, c.name) if c.name else c.width for c in columns)
    return sum(widths) + len(_GAP) * (len(columns) - 1)


def _widths(columns: Sequence[Column], width: int) -> list[int]:
    """Give every column what it likes, and share what is left among the names."""
    names = [column.width for column in columns if column.name]
    others = sum(column.width for column in columns if not column.name)
    left = width - others - len(_GAP) * (len(columns) - 1)
    shares = iter(_shares(names, left))
    return [next(shares) if column.name else column.width for column in columns]


def _shares(wishes: Sequence[int], left: int) -> list[int]:
    """Fill wishes from the smallest up, so that only the longest are cut."""
    given = {}
    for place, index in enumerate(sorted(range(len(wishes)), key=wishes.__getitem__)):
        share = max(left // (len(wishes) - place), _SHORTEST_NAME)
        given[index] = min(wishes[index], share)
        left -= given[index]
    return [given[index] for index in range(len(wishes))]


def _line(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    texts = [
        shorten(cell, width).ljust(width) if column.name else cell.rjust(width)
        for cell, column, width in zip(cells, columns, widths, strict=True)
    ]
    return _GAP.join(texts).rstrip()
