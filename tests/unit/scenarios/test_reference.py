"""What the pages about scenarios say is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.unit.scenarios.files import write

from understudy.scenarios import ScenarioLibrary, check_scenario, shipped_folder
from understudy.scenarios._file_models import (
    BranchPart,
    ScenarioPart,
    ToolCallPart,
    TurnPart,
    UsagePart,
    WhenPart,
)

DOCS = Path(__file__).parents[3] / "docs"
REFERENCE = (DOCS / "reference/scenarios.md").read_text(encoding="utf-8")
HOW_TO = (DOCS / "how-to/write-a-scenario.md").read_text(encoding="utf-8")
PARTS = (ScenarioPart, TurnPart, BranchPart, WhenPart, ToolCallPart, UsagePart)
LIBRARY = ScenarioLibrary(shipped_folder())


def examples(page: str, language: str) -> list[str]:
    """Return the code blocks of a page in one language."""
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


def test_each_key_is_named() -> None:
    """In the reference."""
    keys = {key for part in PARTS for key in part.model_fields}

    assert [key for key in sorted(keys) if f"`{key}`" not in REFERENCE] == []


def test_each_shipped_scenario_is_named_with_its_size() -> None:
    """Lines or turns."""
    scenarios = {name: LIBRARY.get(name) for name in LIBRARY.names()}
    sizes = {
        name: len(one.lines if one.is_golden else one.turns) for name, one in scenarios.items()
    }

    missing = [name for name, n in sizes.items() if f"\n| `{name}` | {n} | " not in REFERENCE]
    assert missing == []


@pytest.mark.parametrize("text", examples(HOW_TO, "yaml"))
def test_each_conversation_that_is_shown_is_sound(tmp_path: Path, text: str) -> None:
    """Whoever copies it begins with one that works."""
    write(tmp_path, "shown.yaml", text)

    assert check_scenario(ScenarioLibrary(tmp_path), "shown") == ()


@pytest.mark.parametrize("text", examples(HOW_TO, "json"))
def test_golden_lines_that_are_shown_can_be_played(tmp_path: Path, text: str) -> None:
    """As they stand."""
    write(tmp_path, "shown.jsonl", text)

    assert "".join(ScenarioLibrary(tmp_path).get("shown").lines) == text


def test_the_example_in_python_works() -> None:
    """As it stands."""
    for code in examples(REFERENCE, "python"):
        exec(compile(code, "scenarios.md", "exec"), {})


def test_the_problem_that_is_shown_is_the_one_that_is_found(tmp_path: Path) -> None:
    """Word for word."""
    text = examples(HOW_TO, "yaml")[0].replace("then: look\n", "then: lok\n", 1)
    write(tmp_path, "booking.yaml", text)

    problem, *_ = check_scenario(ScenarioLibrary(tmp_path), "booking")

    assert f"golden/booking.yaml:{problem.line}: {problem.key}: {problem.message}" in HOW_TO
