"""Lines of a report."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; `markup` is what `TerminalReporter.write_line` takes by keyword."""

    text: str = ""
    markup: Mapping[str, bool] = field(default_factory=dict)


def heading(text: str) -> Line:
    """Make a line that opens a part of the report."""
    return Line(text, {"bold": True})


def warning(text: str) -> Line:
    """Make a line that says what the figures leave out."""
    return Line(text, {"yellow": True})


def wrap(text: str, width: int, *, indent: int = 2) -> list[str]:
    """Break a text at blanks into lines of `width`; a longer word, as a path, stays whole."""
    return textwrap.wrap(
        text,
        width,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
