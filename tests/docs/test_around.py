"""What stands around the code for others to use: hooks for commits, the action, workflows."""

from __future__ import annotations

import re
import shlex
import tomllib
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from understudy.cli._main import _parser

ROOT = Path(__file__).parents[2]
HOOKS = {each["id"]: each for each in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
USED = re.compile(r"uses: *([\w./-]+)@(\S+)(.*)")


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


def test_actions_of_others_are_pinned_by_commit() -> None:
    """With the release beside it, the same one everywhere: a tag may be moved."""
    files = [ROOT / "action.yml", *ROOT.glob(".github/workflows/*"), *ROOT.glob("docs/**/*.md")]
    used = [
        found
        for file in files
        for found in USED.findall(file.read_text())
        if not found[0].startswith("ADDRESS")
    ]

    pins = {(name.removesuffix("/restore").removesuffix("/save"), *pin) for name, *pin in used}
    assert pins
    assert [
        each for each in pins if not re.fullmatch(r"[0-9a-f]{40} # v[\d.]+", "".join(each[1:]))
    ] == []
    assert len({name for name, *_ in pins}) == len(pins)


def test_workflows_that_are_shown_can_be_read() -> None:
    """As YAML, with steps; inputs that the action asks for are declared."""
    page = (ROOT / "docs/how-to/comment-on-a-pull-request.md").read_text()
    blocks = [yaml.safe_load(each) for each in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)]
    action = (ROOT / "action.yml").read_text()
    declared = yaml.safe_load(action)["inputs"]

    assert [sorted(each["jobs"]) for each in blocks if isinstance(each, dict)] == [
        ["tests"],
        ["comment"],
    ]
    assert set(re.findall(r"inputs\.([\w-]+)", action)) == set(declared)
    assert set(blocks[-1][-1]["with"]) <= set(declared)


def test_the_lowest_environment_has_the_floors_that_are_declared() -> None:
    """Of everything that is always installed: what is not tested is not promised."""
    tox = ConfigParser(interpolation=None)
    tox.read(ROOT / "tox.ini")
    pinned = {
        each.name: next(iter(each.specifier)).version
        for each in map(Requirement, tox["testenv:lowest"]["deps"].split())
        if str(each.specifier).startswith("==")
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    floors = {
        each.name: next(iter(each.specifier)).version
        for each in map(Requirement, project["dependencies"])
        if each.specifier
    }

    assert {
        name: (floor, pinned.get(name))
        for name, floor in floors.items()
        if Version(pinned.get(name, "0")) != Version(floor)
    } == {}
