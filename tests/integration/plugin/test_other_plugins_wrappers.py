"""What holds where another plugin's wrapper around a stage of a test runs."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.suite import Suite

#: Wraps each stage twice, before all plain wrappers and as one of them. `state` says whose calls
#: are made now, whether a mock answers them, and whether the clock is a virtual one.
WRAPPING = """
import os
import time
from pathlib import Path

import pytest
from understudy.mock import active_mock
from understudy.telemetry import active_telemetry

LOG = Path("seen.txt")
IS_SET = []


def state():
    owner = active_telemetry().ownership.current()
    name = owner.phase_id and owner.phase_id.rpartition("::")[2]
    return name, owner.stage, active_mock() is not None, is_virtual()


def is_virtual():
    if not IS_SET:
        return False
    began = os.times().elapsed
    time.sleep(5)
    return os.times().elapsed - began < 4


def note(*what):
    with LOG.open("a") as log:
        print(repr(what), file=log)


class Wrapping:
    def __init__(self, name):
        self.name = name

    def around(self, stage):
        note(self.name, stage, "before", state(), None)
        try:
            result = yield
        except BaseException as error:
            note(self.name, stage, "after", state(), type(error).__name__)
            raise
        note(self.name, stage, "after", state(), None)
        return result


class First(Wrapping):
    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self):
        return (yield from self.around("setup"))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self):
        return (yield from self.around("call"))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self):
        return (yield from self.around("teardown"))


class Plain(Wrapping):
    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self):
        return (yield from self.around("setup"))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self):
        return (yield from self.around("call"))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self):
        return (yield from self.around("teardown"))


def pytest_configure(config):
    IS_SET.extend(filter(None, [config.getoption("llm_clock")]))
    config.pluginmanager.register(First("first"))
    config.pluginmanager.register(Plain("plain"))
"""


def seen(suite: Suite) -> list[tuple[object, ...]]:
    """Return what the wrappers saw, in the order of time."""
    lines = (suite.path / "seen.txt").read_text().splitlines()
    return [ast.literal_eval(line) for line in lines]


def test_two_layers_lie_around_a_stage(suite: Suite) -> None:
    """Clock and owner lie around every wrapper, a mock around those that are plain."""
    suite.write("def test_it(mock_llm): pass", conftest=WRAPPING)

    suite.run("--llm-clock=virtual").assert_outcomes(passed=1)

    def state(stage: str, *, mocked: bool) -> tuple[object, ...]:
        return ("test_it", stage, mocked, True)

    assert seen(suite) == [
        ("first", "setup", "before", state("setup", mocked=False), None),
        ("plain", "setup", "before", state("setup", mocked=True), None),
        ("plain", "setup", "after", state("setup", mocked=True), None),
        ("first", "setup", "after", state("setup", mocked=True), None),
        ("first", "call", "before", state("call", mocked=True), None),
        ("plain", "call", "before", state("call", mocked=True), None),
        ("plain", "call", "after", state("call", mocked=True), None),
        ("first", "call", "after", state("call", mocked=True), None),
        ("first", "teardown", "before", state("teardown", mocked=True), None),
        ("plain", "teardown", "before", state("teardown", mocked=True), None),
        ("plain", "teardown", "after", state("teardown", mocked=True), None),
        ("first", "teardown", "after", state("teardown", mocked=False), None),
    ]


def test_what_a_mock_fails_is_told_between_the_layers(suite: Suite) -> None:
    """The inner wrapper sees the test's own outcome, the outer one what the mock makes of it."""
    suite.write(
        """
        from contextlib import suppress

        from understudy.mock import UnmatchedCall
        import urllib3

        def test_it(mock_llm):
            with suppress(UnmatchedCall):
                body = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "?"}]}
                urllib3.request("POST", "https://api.openai.com/v1/chat/completions", json=body)
        """,
        conftest=WRAPPING,
    )

    suite.run().assert_outcomes(failed=1)

    outcomes = {
        (name, stage): error for name, stage, when, _, error in seen(suite) if when == "after"
    }
    assert (outcomes["plain", "call"], outcomes["first", "call"]) == (None, "Failed")


@pytest.mark.parametrize(("kind", "failed"), [("first", True), ("plain", True)])
def test_what_the_guard_refuses_in_any_wrapper_fails_the_test(
    suite: Suite,
    kind: str,
    failed: bool,  # noqa: FBT001
) -> None:
    """It lies around all of them, also where they swallow the error."""
    decorator = "wrapper=True" + (", tryfirst=True" if kind == "first" else "")
    suite.write(
        "def test_it(): pass",
        conftest=f"""
import socket

import pytest


@pytest.hookimpl({decorator})
def pytest_runtest_call():
    try:
        socket.getaddrinfo("api.openai.com", 443)
    except BaseException:
        pass
    return (yield)
""",
    )

    result = suite.run("--llm-block-network")

    result.assert_outcomes(failed=failed)
    result.stdout.fnmatch_lines(["*api.openai.com*"])


def test_a_budget_is_judged_outside_of_every_wrapper(suite: Suite) -> None:
    """When all streams of the test are booked; a wrapper sees nothing of it."""
    suite.write(
        """
        import pytest
        from ask import stream

        @pytest.mark.llm_budget(calls=0)
        def test_it():
            stream()
        """,
        conftest=WRAPPING,
    )

    suite.run().assert_outcomes(passed=1, errors=1)

    outcomes = {
        (name, stage): error for name, stage, when, _, error in seen(suite) if when == "after"
    }
    assert outcomes["first", "teardown"] is None
