"""What stands around the code for others to use: hooks for commits, the action, workflows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

from understudy.cli._main import _parser

ROOT = Path(__file__).parents[2]
HOOKS = {each["id"]: each for each in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}


@pytest.mark.parametrize(
    ("hook", "taken", "left"),
    [
        (
            "understudy-cassettes",
            ["cassettes/a.yaml", "tests/x/cassettes/y/b.json.gz", "tests/cassettes/c.har"],
            ["conftest.yaml", "tests/cassettes/notes.md", "my_cassettes/a.yaml"],
        ),
        (
            "understudy-scenarios",
            ["golden/a.jsonl", "golden/shop/b.yml"],
            ["golden/README.md", "docs/golden/a.yaml"],
        ),
    ],
)
def test_a_commit_hook_is_a_command_over_its_files(
    hook: str, taken: list[str], left: list[str]
) -> None:
    """Its entry takes the names of files; its pattern finds them wherever they lie."""
    program, *words = shlex.split(HOOKS[hook]["entry"])
    pattern = re.compile(HOOKS[hook]["files"])

    assert program == "understudy"
    assert _parser().parse_args([*words, *taken]).run
    assert [each for each in taken if not pattern.search(each)] == []
    assert [each for each in left if pattern.search(each)] == []
