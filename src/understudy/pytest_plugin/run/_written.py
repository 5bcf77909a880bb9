"""What is printed when a run has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...reports import SECTION_TITLE, Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from _pytest.terminal import TerminalReporter

    from .._feature import Feature
    from ._finished import FinishedRun


def write_summary(
    terminal: TerminalReporter, run: FinishedRun, features: Sequence[Feature]
) -> None:
    """Write our section of pytest's summary, and the sections of features.

    Where the user wants no summary, what went wrong is written all the same.
    """
    is_wanted = not terminal.config.getoption("no_summary")
    _write(terminal, SECTION_TITLE, list(_lines(terminal, run, features, is_wanted=is_wanted)))
    sections = (feature.section() for feature in features) if is_wanted else ()
    for section in sections:
        if section is not None:
            _write(terminal, *section)


def _lines(
    terminal: TerminalReporter, run: FinishedRun, features: Sequence[Feature], *, is_wanted: bool
) -> Iterator[Line]:
    if is_wanted:
        width = terminal._tw.fullwidth  # noqa: SLF001 - pytest's own plugins read it there
        yield from run.summary(width=width, verbosity=terminal.config.get_verbosity())
    for feature in features:
        yield from feature.facts()
    for text in run.problems():
        yield Line(f"understudy: {text}", {"yellow": True})
    for feature in features:
        yield from feature.notices()


def _write(terminal: TerminalReporter, title: str, lines: Iterable[Line]) -> None:
    written = list(lines)
    if written:
        terminal.write_sep("=", title)
    for line in written:
        terminal.write_line(line.text, **line.markup)
