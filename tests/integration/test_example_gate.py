"""The bundled example, with a gate: five ways to regress, and no other red."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from tests.support.gated_suite import GatedSuite

if TYPE_CHECKING:
    from tests.support.suite import Suite

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
PROFILE: Final = """
[tool.pytest.ini_options]
asyncio_default_fixture_loop_scope = "function"

[tool.understudy.profiles.house]
think_ms = 300
per_line_ms = 100
"""
REGRESSIONS: Final = {
    "longer prompt": (
        "support_bot.py",
        "Answer with JSON: category and urgent.",
        "Answer with JSON: category and urgent. Be kind.",
        "by a larger quantity",
    ),
    "dearer model": ("support_bot.py", '"gpt-4o-mini"', '"gpt-4o"', "by a dearer model"),
    "one more retry": ("test_support_bot.py", "times=1", "times=2", "attempts 2 -> 3"),
    "slower profile": ("pyproject.toml", "think_ms = 300", "think_ms = 330", "duration 300 ms"),
    "worse estimator": ("support_bot.py", "10 + len", "40 + len", "smape"),
}


@pytest.fixture
def example(suite: Suite, kept_baselines: Path) -> GatedSuite:
    """A copy of the example, with its baseline."""
    for path in EXAMPLES.glob("*.py"):
        shutil.copy(path, suite.path)
    (suite.path / "pyproject.toml").write_text(PROFILE)
    options = "-p", "pytest_asyncio.plugin", "--llm-clock=virtual", "--llm-profile=house"
    example = GatedSuite(suite, kept_baselines, options)
    example.start()
    return example


@pytest.mark.parametrize("way", REGRESSIONS)
def test_each_way_to_regress_is_red(example: GatedSuite, way: str) -> None:
    """And the cause stands there."""
    file, old, new, cause = REGRESSIONS[way]
    example.change(file, old, new)

    result = example.gate()

    assert result.ret == 1
    printed = result.stdout.str()
    assert "(llm_gate)" in printed
    assert cause in " ".join(printed.split())


@pytest.mark.parametrize("options", [(), ("-n2",), ("-k", "ticket")], ids=" ".join)
def test_the_unchanged_example_is_green(example: GatedSuite, options: tuple[str, ...]) -> None:
    """Alone, with workers, in part."""
    result = example.gate(*options)

    assert result.ret == 0
    assert "FAIL" not in result.stdout.str()


def test_the_readme_shows_what_the_gate_says(
    suite: Suite, kept_baselines: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a dearer model in the example as it is."""
    shutil.copytree(EXAMPLES, suite.path, dirs_exist_ok=True)
    monkeypatch.setenv("COLUMNS", "80")
    example = GatedSuite(suite, kept_baselines, ("-p", "pytest_asyncio.plugin"))
    example.change("support_bot.py", '"claude-sonnet-4-6"', '"claude-opus-4-1"')

    result = example.gate("-q")

    readme = (EXAMPLES.parent / "README.md").read_text()
    shown = re.findall(r"<!-- gate (?:output|section):.*?-->\n```\n(.*?)```", readme, re.DOTALL)
    assert len(shown) == 2
    assert [block for block in shown if block not in result.stdout.str()] == []
