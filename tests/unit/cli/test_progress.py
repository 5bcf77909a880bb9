"""The bar on standard error."""

from __future__ import annotations

import io

import pytest

from understudy.cli._progress import Progress


class Terminal(io.StringIO):
    """Somebody watches."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_a_watched_bar_grows_and_is_wiped_at_the_end() -> None:
    """One write for each percent at most."""
    terminal = Terminal()

    with Progress(1000, "replaying", stream=terminal) as progress:
        for _ in range(1000):
            progress.advance()

    written = terminal.getvalue().split("\r")
    assert "replaying [###############               ]  50 %" in written
    assert "replaying [##############################] 100 %" in written
    assert written[-1] == "\x1b[K"
    assert len(written) <= 103


@pytest.mark.parametrize(
    ("total", "stream"), [(1000, io.StringIO()), (1, Terminal()), (0, Terminal())]
)
def test_nothing_is_written_where_nobody_watches_or_nothing_is_long(
    total: int, stream: io.StringIO
) -> None:
    """A pipe gets no bar."""
    with Progress(total, "exporting", stream=stream) as progress:
        progress.advance(total)

    assert stream.getvalue() == ""
