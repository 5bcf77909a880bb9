"""Imports go one way: no circles, those for types and those inside functions included."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"


def module_name(path: Path) -> str:
    """Return what a file is imported as."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(SOURCE.rglob("*.py"))}


def imported(module: str, node: ast.ImportFrom) -> set[str]:
    """Return the modules of ours that a `from … import …` names."""
    is_package = MODULES[module].name == "__init__.py"
    package = module.split(".")[: None if is_package else -1]
    base = package[: len(package) - node.level + 1] if node.level else []
    target = ".".join([*base, *filter(None, [node.module])])
    names = {f"{target}.{alias.name}" for alias in node.names}
    return {name if name in MODULES else target for name in names} & MODULES.keys()


def imports() -> dict[str, set[str]]:
    """Return for each module the others that it imports, wherever in the file that stands."""
    return {
        module: {
            name
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ImportFrom)
            for name in imported(module, node)
        }
        - {module}
        for module, path in MODULES.items()
    }


#: Packages that still have circles; this list only shrinks.
CIRCULAR: tuple[str, ...] = ()


def reached_from(module: str, graph: dict[str, set[str]]) -> set[str]:
    """Return what a module imports, and what that imports, and so on."""
    reached: set[str] = set()
    waiting = set(graph[module])
    while waiting:
        one = waiting.pop()
        reached.add(one)
        waiting |= graph[one] - reached
    return reached


def test_no_import_closes_a_circle() -> None:
    """Whoever reads one file can read those below it, and comes to an end."""
    graph = imports()
    circular = [module for module in graph if module in reached_from(module, graph)]

    assert [each for each in circular if each.split(".")[1] not in CIRCULAR] == []


def test_imports_are_a_small_part_of_the_code() -> None:
    """Code that is cut too finely says more of its neighbours than of its matter."""
    lines = wanted = 0
    for path in MODULES.values():
        text = path.read_text()
        lines += len(text.splitlines())
        wanted += sum(
            (node.end_lineno or node.lineno) - node.lineno + 1
            for node in ast.walk(ast.parse(text))
            if isinstance(node, (ast.Import, ast.ImportFrom))
        )

    assert wanted / lines <= 0.115
