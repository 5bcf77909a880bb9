"""The recording of the example, read as a reviewer reads it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from understudy.cli import main

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = "cassettes/support_bot.yaml"


def test_the_sample_shows_what_the_example_asked_and_paid(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One refusal, one answer in one piece, one stream; priced, and named as given."""
    monkeypatch.chdir(ROOT)

    assert main(["cassettes", "show", SAMPLE, "--json"]) == 0

    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    told = [(row["file"], row["index"], row["status"], row["stream"]) for row in rows]
    assert told == [
        (SAMPLE, 0, 429, False),
        (SAMPLE, 1, 200, False),
        (SAMPLE, 2, 200, True),
    ]
    assert [row["usage"]["output_tokens"] for row in rows] == [None, 12, 19]
    assert [row["cost_usd"] for row in rows] == [None, 0.00001185, 0.000399]
    assert rows[2]["text"].endswith("It is refunded.")
