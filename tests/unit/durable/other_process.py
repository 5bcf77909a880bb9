"""Another Python process that a test talks with."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from textwrap import dedent
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def other_process(script: str, *arguments: Path) -> Iterator[subprocess.Popen[str]]:
    """Run `script` until it prints its first line; it lives until the block ends.

    The script finds `arguments` in `sys.argv[1:]` and may wait with `input()`.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", dedent(script), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    with process:
        process.stdout.readline()
        yield process
        process.stdin.close()


def run_python(script: str, *arguments: Path) -> str:
    """Run `script` to its end and return what it printed."""
    finished = subprocess.run(
        [sys.executable, "-c", dedent(script), *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    return finished.stdout
