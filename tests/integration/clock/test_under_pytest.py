"""The clock under the plugins that run asynchronous tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

WITH_ASYNCIO = ("-W", "error", "-o", "asyncio_default_fixture_loop_scope=function")
CONFTEST = """
    import pytest
    from understudy.clock import RealClock, VirtualClock

    CLOCK = VirtualClock()

    @pytest.fixture
    def clock():
        with CLOCK.running():
            yield CLOCK

    @pytest.fixture
    def real():
        return RealClock()
"""
SLEEPS = """
    import asyncio
    import time
    import pytest

    {mark}
    @pytest.mark.parametrize("number", range(3))
    async def test_virtual(clock, number):
        before = clock.now()
        time.sleep(0)
        await asyncio.gather(*[asyncio.sleep(300) for _ in range(20)])
        assert clock.now() - before == pytest.approx(300)

    {mark}
    async def test_real(real):
        began = real.now()
        await asyncio.sleep(0.01)
        assert 0.01 <= real.now() - began < 60

    {mark}
    async def test_virtual_again(clock):
        before = clock.now()
        await asyncio.wait_for(asyncio.to_thread(time.sleep, 3600), 7200)
        assert clock.now() - before == pytest.approx(3600)
"""


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    """A suite with a clock."""
    pytester.makeconftest(CONFTEST)
    return pytester


@pytest.mark.parametrize("scope", ["function", "module", "session"])
def test_loops_of_pytest_asyncio(suite: pytest.Pytester, scope: str) -> None:
    """Also one that was made before and is used after."""
    suite.makepyfile(SLEEPS.format(mark=f"@pytest.mark.asyncio(loop_scope='{scope}')"))

    result = suite.runpytest("-p", "no:understudy", *WITH_ASYNCIO)

    result.assert_outcomes(passed=5)


def test_loops_of_anyio(suite: pytest.Pytester) -> None:
    """Its runner keeps one loop for a test and its fixtures."""
    suite.makepyfile(
        SLEEPS.format(mark="@pytest.mark.anyio")
        + """
    @pytest.fixture
    def anyio_backend():
        return "asyncio"
"""
    )

    result = suite.runpytest("-p", "no:understudy", "-p", "no:asyncio", "-W", "error")

    result.assert_outcomes(passed=5)


def test_loops_of_unittest(suite: pytest.Pytester) -> None:
    """The standard library makes its own."""
    suite.makepyfile("""
        import asyncio
        import unittest
        import pytest

        class Test(unittest.IsolatedAsyncioTestCase):
            @pytest.fixture(autouse=True)
            def on_a_clock(self, clock):
                self.clock = clock

            async def test_sleep(self):
                before = self.clock.now()
                await asyncio.sleep(300)
                assert self.clock.now() - before == pytest.approx(300)
    """)

    result = suite.runpytest("-p", "no:understudy", *WITH_ASYNCIO)

    result.assert_outcomes(passed=1)


def test_what_pytest_measures_stays_real(suite: pytest.Pytester, tmp_path: Path) -> None:
    """Durations, and the times of log records."""
    suite.makepyfile("""
        import logging
        import time

        def test_sleep(clock, caplog):
            time.sleep(3600)
            logging.getLogger().warning("now")
            assert abs(caplog.records[0].created - clock.wall()) < 60
    """)

    result = suite.runpytest(
        "-p", "no:understudy", *WITH_ASYNCIO, f"--junit-xml={tmp_path / 'report.xml'}"
    )

    result.assert_outcomes(passed=1)
    report = (tmp_path / "report.xml").read_text()
    assert float(report.split('time="')[1].split('"')[0]) < 60
