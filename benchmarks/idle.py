"""What the installed plugin costs who does not use it, beside `-p no:understudy`.

Target: at most 5 ms of CPU more for `pytest --collect-only`, 12 ms without bytecode, 25 µs a test.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Final

ROUNDS: Final = 25
TESTS: Final = 2000
WITHOUT: Final = ("-p", "no:understudy")


def cpu(arguments: list[str], folder: Path, **environment: str) -> float:
    """Return CPU seconds of one pytest process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def added(arguments: list[str], folder: Path, *, rounds: int, **environment: str) -> float:
    """Return the median of what the idle plugin adds, process beside process."""
    cpu(arguments, folder, **environment)
    return median(
        cpu(arguments, folder, **environment) - cpu([*arguments, *WITHOUT], folder, **environment)
        for _ in range(rounds)
    )


def main() -> None:
    """Print the three figures."""
    with tempfile.TemporaryDirectory() as name:
        empty, full = Path(name) / "empty", Path(name) / "full"
        for folder in (empty, full):
            folder.mkdir()
            (folder / "pytest.ini").write_text("[pytest]\n")
        (full / "test_many.py").write_text(
            "import pytest\n\n"
            f'@pytest.mark.parametrize("number", range({TESTS}))\n'
            "def test_nothing(number): pass\n"
        )
        start = added(["--collect-only"], empty, rounds=ROUNDS)
        cold = added(["--collect-only"], empty, rounds=ROUNDS, PYTHONDONTWRITEBYTECODE="1")
        tests = added([], full, rounds=9)
    print(f"  collect-only: {start * 1e3:+.1f} ms CPU")
    print(f"  collect-only without bytecode: {cold * 1e3:+.1f} ms CPU")
    print(f"  a test: {(tests - start) / TESTS * 1e6:+.1f} µs CPU")


if __name__ == "__main__":
    main()
