"""Files hold one idea, functions are short."""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import median

SOURCE = Path(__file__).parents[2] / "src/understudy"
FILES = sorted(SOURCE.rglob("*.py"))


def function_lengths(path: Path) -> list[tuple[int, str]]:
    """Return the lines of each function without its docstring."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[1] if ast.get_docstring(node) and node.body[1:] else node.body[0]
            found.append(((node.end_lineno or 0) - first.lineno + 1, f"{path.name}:{node.name}"))
    return found


def line_count(path: Path) -> int:
    """Return the lines of a file."""
    return len(path.read_text().splitlines())


def test_no_file_is_too_long() -> None:
    """More than 400 lines hold more than one idea."""
    assert [str(path.relative_to(SOURCE)) for path in FILES if line_count(path) > 400] == []


def test_most_files_are_short() -> None:
    """Half of the files fit on two screens."""
    assert median(map(line_count, FILES)) <= 130


def test_no_function_is_too_long() -> None:
    """A function of more than 40 lines wants a name for a part."""
    lengths = [length for path in FILES for length in function_lengths(path)]

    assert [name for length, name in lengths if length > 40] == []
    assert median(length for length, _ in lengths) < 10


def test_no_module_is_a_drawer() -> None:
    """Names that fit anything hold anything."""
    drawers = {"utils", "helpers", "manager", "common", "misc"}

    assert [path.name for path in FILES if path.stem.strip("_") in drawers] == []
