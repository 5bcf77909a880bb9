"""What is kept of the calls beside tools that move the time, or watch for blocking calls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.suite import Suite

MOVED = """
    from datetime import datetime

    import pytest
    import time_machine
    from ask import ask

    @pytest.fixture
    def moved(year):
        with time_machine.travel(datetime(year, 1, 1), tick=False):
            yield

    @pytest.mark.parametrize("year", [1950, 2090])
    def test_travelling(moved, year):
        ask()
        assert datetime.now().year == year
"""

WATCHED = """
    import asyncio

    import pytest
    from ask import URL, client, request
    from blockbuster import blockbuster_ctx

    def test_it():
        asyncio.run(call())

    @pytest.mark.llm_cassette
    def test_recording():
        asyncio.run(call())

    @pytest.mark.asyncio
    async def test_costs(llm_calls):
        async with client() as asking:
            with blockbuster_ctx():
                await asking.post(URL, json=request("gpt-4o-mini"))
                assert llm_calls[0].cost_usd

    async def call():
        async with client() as asking:
            with blockbuster_ctx():
                await asking.post(URL, json=request("gpt-4o-mini"))
"""


def test_what_is_stored_has_the_real_time(suite: Suite) -> None:
    """Rows belong to the day on which they were written, wherever a test has gone."""
    pytest.importorskip("time_machine")
    suite.write(MOVED)
    began = datetime.now(UTC) - timedelta(seconds=5)

    suite.run("-pno:xdist").assert_outcomes(passed=2)

    stored = suite.stored()
    moments = [stored.run.started, *(each.ts for each in stored.calls)]
    moments += [each.started for each in stored.phases if each.started]
    ended = datetime.now(UTC) + timedelta(seconds=5)
    assert len(moments) == 5
    assert began < min(moments) <= max(moments) < ended


def test_a_detector_of_blocking_calls_finds_none_of_ours(suite: Suite) -> None:
    """A call on an event loop is in the journal, and on its cassette, without one."""
    pytest.importorskip("blockbuster")
    suite.write(WATCHED)

    asyncio = ("-p", "asyncio", "-oasyncio_default_fixture_loop_scope=function")
    keeping = ("--llm-record-mode=once", "--llm-sink=jsonl:events.jsonl")
    result = suite.run_apart(*keeping, *asyncio)

    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["calls   3, 2 live, 1 recorded*", "cassettes  1 recorded"])
    result.stdout.no_fnmatch_line("understudy: *")
