"""The README shows what the program prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
README: Final = (ROOT / "README.md").read_text()


def shown(what: str) -> str:
    """Return the block behind the comment that begins with `what`."""
    block = re.search(rf"<!-- {what}:.*?-->\n```\n(.*?)```", README, re.DOTALL)
    assert block is not None
    return block[1]


def shape(text: str) -> list[str]:
    """Return the lines without how long the run took."""
    text = re.sub(r"\bin \d[\d.]*s\b", "", text)
    return [re.sub(r" {2,}|=+", " ", line).strip() for line in text.splitlines() if line.strip()]


def run(folder: Path, *options: str) -> str:
    """Run the example in `folder` as the README says; return what it printed."""
    command = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", folder.name, *options)
    return subprocess.run(
        command,
        cwd=folder.parent,
        env={**os.environ, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def test_the_output_of_the_example_is_the_one_shown(tmp_path: Path) -> None:
    """What a newcomer reads first is true."""
    store = f"--llm-store={tmp_path / 'telemetry.db'}"

    printed = run(ROOT / "examples", "--llm-telemetry", "--llm-gate", store)

    ours = shape(printed[printed.index("LLM calls") :])
    assert ours == shape(shown("demo output"))
    assert len(ours[:-1]) <= 15, "a green run is told in fifteen lines, headings included"
