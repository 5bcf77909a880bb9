"""Imports are few; their direction is held by import-linter."""

from __future__ import annotations

import ast
from pathlib import Path

FILES = sorted((Path(__file__).parents[2] / "src/understudy").rglob("*.py"))


def test_imports_are_a_small_part_of_the_code() -> None:
    """Code that is cut too finely says more of its neighbours than of its matter."""
    lines = wanted = 0
    for path in FILES:
        text = path.read_text()
        lines += len(text.splitlines())
        wanted += sum(
            (node.end_lineno or node.lineno) - node.lineno + 1
            for node in ast.walk(ast.parse(text))
            if isinstance(node, (ast.Import, ast.ImportFrom))
        )

    assert wanted / lines <= 0.09
