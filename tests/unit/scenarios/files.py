"""Scenario files for tests."""

from __future__ import annotations

import os
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from understudy.scenarios import Conversation, Scenario, ScenarioError, ScenarioLibrary

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from understudy.scenarios import Problem

AGENT = """
    description: Looks an order up.
    turns:
      ask:
        reply: |
          Which order?
        next:
          - when: {matches: 'A-\\d+'}
            then: look_up
          - when: {contains: bye}
            then: end
      look_up:
        tool_calls:
          - name: get_order
            arguments: {id: A-17}
        next:
          - when: {tool: get_order, result_contains: shipped}
            then: end
      end:
        reply: Bye.
"""


def write(folder: Path, name: str, text: str | bytes) -> Path:
    """Write a file; the indentation that all its lines share is taken off."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else dedent(text).lstrip().encode())
    return path


def read(folder: Path, text: str) -> Scenario:
    """Return the scenario that a YAML text is."""
    write(folder, "script.yaml", text)
    return ScenarioLibrary(folder).get("script")


def converse(folder: Path, text: str = AGENT) -> Conversation:
    """Begin a conversation with the scenario that a YAML text is."""
    return Conversation(read(folder, text))


def problems_of(folder: Path, name: str, text: str | bytes) -> list[str]:
    """Return the problems of a file that cannot be used, without the folder."""
    path = write(folder, name, text)
    with pytest.raises(ScenarioError) as caught:
        ScenarioLibrary(folder).get(path.stem)
    return told_of(folder, caught.value.problems)


def told_of(folder: Path, problems: Iterable[Problem]) -> list[str]:
    """Return problems in words, without the folder."""
    return [str(problem).removeprefix(f"{folder}{os.sep}") for problem in problems]
