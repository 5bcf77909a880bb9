"""Cuts text into lines as they stand."""

from __future__ import annotations


def split_lines(text: str) -> tuple[str, ...]:
    r"""Cut after each `\n`, which stays; other separators that Unicode knows are text."""
    *whole, rest = text.split("\n")
    lines = [f"{line}\n" for line in whole]
    return (*lines, rest) if rest else tuple(lines)
