"""The bundled example, with a gate: five ways to regress, and no other red."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

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


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the example's tests on the virtual clock."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    command += ["--llm-clock=virtual", "--llm-profile=house", *options]
    wide = {**os.environ, "COLUMNS": "200"}
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=wide
    )


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example with its baseline."""
    folder = tmp_path_factory.mktemp("example")
    for path in EXAMPLES.glob("*.py"):
        shutil.copy(path, folder)
    (folder / "pyproject.toml").write_text(PROFILE)
    result = run(folder, "--llm-update-baseline", "--llm-reason=first")
    assert result.returncode == 0, result.stdout + result.stderr
    return folder


@pytest.mark.parametrize("way", REGRESSIONS)
def test_each_way_to_regress_is_red(accepted: Path, tmp_path: Path, way: str) -> None:
    """And the cause stands there."""
    file, old, new, cause = REGRESSIONS[way]
    folder = shutil.copytree(accepted, tmp_path / "example")
    changed = folder / file
    text, before = changed.read_text(), changed.stat()
    assert old in text
    changed.write_text(text.replace(old, new))
    os.utime(changed, (before.st_atime, before.st_mtime + 10))  # what is compiled shows its age

    result = run(folder, "--llm-gate")

    assert result.returncode == 1
    assert "llm_gate FAIL" in result.stdout
    assert cause in " ".join(result.stdout.split())


@pytest.mark.parametrize("options", [(), ("-n2",), ("-k", "ticket")], ids=" ".join)
def test_the_unchanged_example_is_green(accepted: Path, options: tuple[str, ...]) -> None:
    """Alone, with workers, in part."""
    result = run(accepted, "--llm-gate", *options)

    assert result.returncode == 0, result.stdout
    assert "FAIL" not in result.stdout
