"""What is said of the mocks of a run."""

from __future__ import annotations

from typing import Any

import pytest

from understudy.pytest_plugin.features.mocks._usage import MockUsage
from understudy.settings import Settings

ASKED = {"mock": "plain", "sources": {"mock": "command line"}}
FAILED = pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize(
    ("settings", "answered", "exit_status", "is_said"),
    [
        (ASKED, 1, FAILED, True),
        (ASKED, 0, FAILED, False),
        (ASKED, 1, pytest.ExitCode.OK, False),
        ({"mock": "plain", "sources": {"mock": "configuration"}}, 1, FAILED, False),
        ({}, 1, FAILED, False),
    ],
)
def test_a_red_suite_that_was_mocked_for_once_is_told_why_it_may_be_red(
    settings: dict[str, Any],
    answered: int,
    exit_status: int,
    is_said: bool,  # noqa: FBT001
) -> None:
    """Its tests may assert on what a real model said."""
    usage = MockUsage(Settings(**settings), is_collecting=False)
    usage.answered = answered

    said = [line for line in usage.lines(exit_status) if "asserts on a real answer" in line]

    assert bool(said) is is_said
