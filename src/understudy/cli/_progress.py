"""A bar on standard error while a terminal watches."""

from __future__ import annotations

import sys
from typing import Final, Self, TextIO

_WIDTH: Final = 30


class Progress:
    """Shows how much of `total` is done; without a terminal it shows nothing.

    It is wiped at the end. Less than 2 things to do are not worth a bar.
    """

    def __init__(self, total: int, label: str, *, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._total = total
        self._label = label
        self._done = 0
        self._shown = -1
        self._is_watched = total > 1 and self._stream.isatty()

    def advance(self, steps: int = 1) -> None:
        """Note that more is done."""
        self._done += steps
        percent = 100 * self._done // max(self._total, 1)
        if self._is_watched and percent != self._shown:
            self._shown = percent
            bar = ("#" * (_WIDTH * percent // 100)).ljust(_WIDTH)
            self._stream.write(f"\r{self._label} [{bar}] {percent:3} %")
            self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown >= 0:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
