"""Tool calls whose arguments are no JSON object, scripted to see what an application does."""

from __future__ import annotations

import pytest
from tests.unit.wire.writing.wire_cases import CASES, Case, read, render

from understudy.calls import Usage
from understudy.wire.writing import Reply, ToolLine


@pytest.mark.parametrize("told", ['{"a": ', "[1]", ""])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_broken_arguments_arrive_somehow(case: Case, told: str) -> None:
    """As they are where arguments are text, under one key where they are an object."""
    reply = Reply(lines=(ToolLine("f", (told,)),), usage=Usage(1, 2))

    found = read(case.url, case.body, render(case.url, case.body, reply))

    if case.tools and case.reads_calls:
        (call,) = found.tool_calls
        given = call.arguments.replace("\\", "")
        assert told in given or (told, given) == ("", "{}")
