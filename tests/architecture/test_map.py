"""The map of the code shows the code as it is."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAP = (ROOT / "docs/explanation/architecture.md").read_text()
SOURCE = ROOT / "src/understudy"


def section(title: str) -> list[str]:
    """Return the rows of the table below a heading."""
    text = MAP.split(f"\n## {title}\n")[1].split("\n## ")[0]
    return [line for line in text.splitlines() if line.startswith("| ")][1:]


def words_in(cell: str) -> list[str]:
    """Return what stands between backquotes."""
    return re.findall(r"`([^`]+)`", cell)


def test_the_table_of_folders_is_the_tree() -> None:
    """Each folder and module stands in one row, and no row tells of one that is not there."""
    told = [word for row in section("Folders") for word in words_in(row.split("|")[1])]
    there = {path.stem for path in SOURCE.iterdir() if not path.name.startswith(("_", "py.typed"))}

    assert sorted(told) == sorted(there)


def test_the_table_of_folders_is_the_order_of_imports() -> None:
    """Its rows are the layers that import-linter holds."""
    contract = (ROOT / ".importlinter").read_text().split("layers =\n")[1].split("\n\n")[0]
    layers = [set(re.findall(r"\w+", line)) for line in contract.splitlines()]
    there = {path.stem for path in SOURCE.iterdir()}

    rows = [set(words_in(row.split("|")[1])) for row in section("Folders")]
    assert rows == [found for layer in layers if (found := layer & there - {"__main__"})]


def test_what_the_map_says_to_touch_is_there() -> None:
    """Whoever follows it comes somewhere."""
    files = [word for row in section("To add a …") for word in words_in(row.split("|")[2])]
    places = [word for word in files if "/" in word and "<" not in word] + ["errors.py"]

    missing = [word for word in places if not ((SOURCE / word).exists() or (ROOT / word).exists())]
    assert missing == []
