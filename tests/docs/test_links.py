"""Links between the pages lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?://)([^)#\s]+)(#[^)]*)?\)")


def test_every_relative_link_has_a_file() -> None:
    """Nothing points into the void."""
    dead = [
        f"{page.relative_to(ROOT)}: {found[1]}"
        for page in PAGES
        for found in LINK.finditer(page.read_text())
        if not (page.parent / found[1]).exists()
    ]

    assert dead == []


def test_every_path_that_tox_runs_is_there() -> None:
    """A test that moves is moved there as well."""
    named = set(re.findall(r"tests/[\w/.]+", (ROOT / "tox.ini").read_text()))

    assert named
    assert sorted(path for path in named if not (ROOT / path).exists()) == []
