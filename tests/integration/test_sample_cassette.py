"""The recording of the example, read as a reviewer reads it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLE = "cassettes/support_bot.yaml"


def test_the_sample_shows_what_the_example_asked_and_paid() -> None:
    """One refusal, one answer in one piece, one stream; priced, and named as given."""
    shown = subprocess.run(
        [sys.executable, "-m", "understudy", "cassettes", "show", SAMPLE, "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    rows = [json.loads(line) for line in shown.splitlines()]
    told = [(row["file"], row["index"], row["status"], row["stream"]) for row in rows]
    assert told == [
        (SAMPLE, 0, 429, False),
        (SAMPLE, 1, 200, False),
        (SAMPLE, 2, 200, True),
    ]
    assert [row["usage"]["output_tokens"] for row in rows] == [None, 12, 19]
    assert [row["cost_usd"] for row in rows] == [None, 0.00001185, 0.000399]
    assert rows[2]["text"].endswith("It is refunded.")
