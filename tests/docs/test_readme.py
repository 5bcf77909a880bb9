"""The README shows what the program prints."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHOWN = re.compile(r"<!-- demo output.*?-->\n```\n(.*?)```", re.DOTALL)


def shape(text: str) -> list[str]:
    """Return the lines down to the store's, without what differs from run to run.

    That is times, and which of two tests that are equally slow is named.
    """
    text = re.sub(r"\d[\d.]* ?m?s\b", "N ms", text)
    text = re.sub(r"^store\b.*", "store", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"^ +N ms .*\n", "", text, flags=re.MULTILINE)
    return [re.sub(r" {2,}|=+", " ", line).strip() for line in text.splitlines() if line.strip()]


def test_the_output_of_the_example_is_the_one_shown(tmp_path: Path) -> None:
    """What a newcomer reads first is true."""
    shown = SHOWN.search((ROOT / "README.md").read_text())

    printed = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "examples"),
            *("--llm-telemetry", f"--llm-store={tmp_path / 'telemetry.db'}"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert shown is not None
    assert shape(shown[1]) == shape(printed[printed.index("LLM calls") :])
