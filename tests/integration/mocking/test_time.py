"""Delay profiles and clocks, inside pytest."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.provider import Provider
    from tests.support.suite import Suite

VIRTUAL = "--llm-clock=virtual"
ASYNCIO = ("-p", "pytest_asyncio.plugin", "-o", "asyncio_default_fixture_loop_scope=function")
ANYIO = ("-p", "anyio")

TEN_LINES = """
    import pytest
    from asking import by_openai, by_openai_stream

    def test_stream(mock_llm, llm_clock):
        mock_llm.reply("line\\n" * 10)
        began = llm_clock.now()
        moments = [round(llm_clock.now() - began, 6) for line in by_openai_stream()]
        assert moments == [round(1.5 + 0.15 * line, 6) for line in range(10)]

    def test_whole(mock_llm, llm_clock):
        mock_llm.reply("line\\n" * 10)
        began = llm_clock.now()
        by_openai()
        assert round(llm_clock.now() - began, 6) == 2.85
"""


@pytest.fixture
def quick() -> Iterator[None]:
    """The test takes far less time than what it simulates."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < 60


def test_a_profile_on_the_virtual_clock(suite: Suite, workers: tuple[str, ...]) -> None:
    """Exact to the microsecond, in the test and in the events."""
    suite.write(TEN_LINES)

    result = suite.run(*workers, VIRTUAL, "--llm-profile=realistic_l3")

    result.assert_outcomes(passed=2)
    by_test = {call.phase_id: call for call in suite.stored().calls}
    stream, whole = by_test["test_it.py::test_stream"], by_test["test_it.py::test_whole"]
    assert (stream.ttfc_ms, stream.duration_ms) == (1500.0, 2850.0)
    assert (whole.ttfc_ms, whole.duration_ms) == (2850.0, 2850.0)
    assert (stream.clock, stream.profile, stream.origin) == ("virtual", "realistic_l3", "mocked")


def test_a_profile_on_the_real_clock(suite: Suite) -> None:
    """Lines come when they are due, never earlier."""
    suite.write("""
        from asking import by_openai_stream

        def test_stream(mock_llm, llm_clock):
            mock_llm.reply("one\\ntwo\\n")
            began = llm_clock.now()
            first, second = [llm_clock.now() - began for _ in by_openai_stream()]
            assert first >= 0.3
            assert second >= 0.5
    """)

    suite.run("--llm-profile=realistic_l2").assert_outcomes(passed=1)

    (call,) = suite.stored().calls
    assert call.ttfc_ms is not None
    assert call.ttfc_ms >= 300
    assert call.clock == "real"


def test_the_clock_is_set_by_environment_or_setting(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As every option is."""
    monkeypatch.setenv("UNDERSTUDY_PROFILE", "realistic_l3")
    suite.pytester.makeini("[pytest]\nllm_clock = virtual\nllm_profile = slow\n")
    suite.write(TEN_LINES)

    suite.run(telemetry=False).assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("option", "setting", "marker", "expected"),
    [
        (None, None, None, "instant"),
        (None, "slow", None, "slow"),
        (None, "slow", "realistic_l2", "realistic_l2"),
        ("realistic_l3", "slow", "realistic_l2", "realistic_l3"),
    ],
)
def test_option_goes_before_marker_and_marker_before_setting(
    suite: Suite, option: str | None, setting: str | None, marker: str | None, expected: str
) -> None:
    """And the nearest marker counts."""
    suite.write(f"""
        import pytest

        pytestmark = [pytest.mark.llm_profile("slow")] if {marker!r} else []

        @(pytest.mark.llm_profile({marker!r}) if {marker!r} else lambda test: test)
        def test_it(mock_llm):
            assert mock_llm.profile == {expected!r}
    """)
    if setting:
        suite.pytester.makeini(f"[pytest]\nllm_profile = {setting}\n")

    options = [f"--llm-profile={option}"] if option else []
    suite.run(*options, telemetry=False).assert_outcomes(passed=1)


def test_profiles_of_the_suite(suite: Suite) -> None:
    """From the table and from the hook; the table goes before the hook."""
    suite.write(
        """
        import pytest

        @pytest.mark.llm_profile("table")
        def test_table(mock_llm, llm_clock):
            mock_llm.reply("one\\ntwo\\n")
            began = llm_clock.now()
            list(mock_llm.stream_sync("page_edit"))
            assert round(llm_clock.now() - began, 6) == 0.08 + 7 * 0.005

        @pytest.mark.llm_profile("hook")
        def test_hook(mock_llm, llm_clock):
            began = llm_clock.now()
            list(mock_llm.stream_sync("page_edit"))
            assert round(llm_clock.now() - began, 6) == 4
        """,
        conftest="""
            import understudy

            class Slow:
                def delays(self, call):
                    yield 4.0

            @understudy.hookimpl
            def register_delay_profiles(register):
                register("hook", Slow())
                register("table", Slow())
        """,
    )
    suite.pytester.makepyprojecttoml("""
        [tool.understudy.profiles.table]
        think_ms = 80
        per_line_ms = 5
    """)

    suite.run(VIRTUAL, telemetry=False).assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("think_ms = -1\nper_line_ms = 0", "think_ms"),
        ("think_ms = nan\nper_line_ms = 0", "think_ms"),
        ("think_ms = 1", "'per_line_ms' is missing"),
        ("think_ms = 1\nper_line = 2", "Did you mean 'per_line_ms'"),
    ],
)
def test_a_wrong_profile_is_a_usage_error(suite: Suite, table: str, words: str) -> None:
    """It names the file, the profile and the key, as soon as anything is mocked."""
    suite.write("def test_it(mock_llm): pass")
    suite.pytester.makepyprojecttoml(f"[tool.understudy.profiles.house]\n{table}\n")

    result = suite.run(telemetry=False)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    errors = result.stderr.str()
    assert "'house'" in errors
    assert words in errors
    assert "pyproject.toml" in errors


def test_a_profile_without_a_mocked_call_is_told(suite: Suite, workers: tuple[str, ...]) -> None:
    """Where option or environment asked for it."""
    suite.write("def test_it(): pass")

    result = suite.run(*workers, "--llm-profile=slow", telemetry=False)

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*delay profile 'slow' was asked for, but no call was mocked*"])


def test_a_profile_with_a_mocked_call_needs_no_word(suite: Suite, workers: tuple[str, ...]) -> None:
    """Also where a worker mocked it."""
    suite.write("def test_it(mock_llm): list(mock_llm.stream_sync('page_edit'))")

    result = suite.run(*workers, VIRTUAL, "--llm-profile=slow", telemetry=False)

    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*no call was mocked*")


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("plugin", [ASYNCIO, ANYIO], ids=["asyncio", "anyio"])
def test_time_of_asyncio(suite: Suite, plugin: tuple[str, ...]) -> None:
    """Sleeps, back-off, time-outs and concurrent calls, whoever runs the loop."""
    mark = "asyncio" if plugin is ASYNCIO else "anyio"
    suite.write(f"""
        import asyncio
        import time
        import pytest
        from asking import by_openai_async

        pytestmark = pytest.mark.{mark}

        @pytest.fixture
        def anyio_backend():
            return "asyncio"

        async def test_concurrent(mock_llm, llm_clock):
            mock_llm.reply("line\\n" * 20)
            began = llm_clock.now()
            await asyncio.gather(*[by_openai_async() for _ in range(20)])
            assert round(llm_clock.now() - began, 6) == 4.35

        async def test_back_off(mock_llm, llm_clock):
            mock_llm.profile = "instant"
            mock_llm.fail("rate_limit", times=1, retry_after=30).reply("At last.")
            began = time.monotonic()
            assert await by_openai_async() == "At last."
            assert round(time.monotonic() - began, 6) >= 30
            mock_llm.assert_resilient()

        async def test_the_applications_own_time_out(mock_llm):
            mock_llm.reply("late")
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(by_openai_async(), 1.4)

        async def test_no_time_out_around_a_thread(llm_clock):
            began = llm_clock.now()
            await asyncio.wait_for(asyncio.to_thread(real_work), 5)
            assert llm_clock.now() - began < 5

        def real_work():
            import sqlite3
            import threading

            database = sqlite3.connect(":memory:")
            database.execute("SELECT 1").fetchall()
            database.close()
            threading.Event().wait(0.05)

        async def test_no_time_out_around_a_socket():
            async def serve(reader, writer):
                await reader.readline()
                await asyncio.to_thread(real_work)
                writer.write(b"answer\\n")
                writer.close()

            server = await asyncio.start_server(serve, "127.0.0.1")
            port = server.sockets[0].getsockname()[1]
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"question\\n")
            assert await asyncio.wait_for(reader.readline(), 5) == b"answer\\n"
            writer.close()
            server.close()
    """)

    result = suite.run(*plugin, VIRTUAL, "--llm-profile=realistic_l3", telemetry=False)

    result.assert_outcomes(passed=5)


@pytest.mark.usefixtures("quick")
def test_time_of_threads_and_fixtures(suite: Suite) -> None:
    """Set-up, test and teardown are on the clock, and so are threads."""
    suite.write("""
        import time
        import threading
        from concurrent.futures import ThreadPoolExecutor
        import pytest
        from asking import by_openai

        @pytest.fixture(scope="module")
        def slow():
            time.sleep(3600)
            yield
            time.sleep(3600)

        def test_threads(slow, mock_llm, llm_clock):
            mock_llm.reply("line\\n" * 20)
            began = llm_clock.now()
            with ThreadPoolExecutor(8) as pool:
                assert len(list(pool.map(lambda _: by_openai(), range(8)))) == 8
            assert round(llm_clock.now() - began, 6) == 4.35

        def test_advance(llm_clock):
            before = time.time()
            llm_clock.advance(86_400)
            llm_clock.sleep(1)
            assert round(time.time() - before) == 86_401
    """)

    result = suite.run(VIRTUAL, "--llm-profile=realistic_l3", "--durations=0", telemetry=False)

    result.assert_outcomes(passed=2)
    result.stdout.no_re_match_line(r"\d{3,}\.\d+s (setup|call|teardown)")


def test_the_machines_clock_cannot_be_advanced(suite: Suite) -> None:
    """The message says what to run."""
    suite.write("""
        import pytest
        from understudy.clock import RealClock

        def test_it(llm_clock):
            assert isinstance(llm_clock, RealClock)
            llm_clock.sleep(0.001)
            llm_clock.advance(5)
    """)

    result = suite.run(telemetry=False)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*ClockError: *--llm-clock=virtual"])


def test_a_live_call_is_on_the_real_clock(suite: Suite, provider: Provider) -> None:
    """Also while everything else is in simulated time."""
    suite.write(f"""
        import time
        from asking import by_requests

        def test_live():
            time.sleep(3600)
            by_requests("{provider.url}/v1/chat/completions")

        def test_mocked(mock_llm):
            mock_llm.reply("x")
            by_requests()
    """)

    suite.run(VIRTUAL, "--llm-profile=realistic_l3").assert_outcomes(passed=2)

    calls = {str(call.origin): call for call in suite.stored().calls}
    assert calls["live"].clock == "real"
    assert calls["live"].duration_ms is not None
    assert calls["live"].duration_ms < 60_000
    assert calls["mocked"].duration_ms == 1500.0


def test_a_plugin_keeps_the_real_time(suite: Suite) -> None:
    """What other plugins of pytest measure is the machine's time."""
    suite.write("""
        import time
        import pytest_rerunfailures

        def test_it():
            time.sleep(3600)
            clock = eval("lambda: __import__('time').monotonic()", vars(pytest_rerunfailures))
            assert time.monotonic() - clock() > 3000
    """)

    result = suite.run("-p", "pytest_rerunfailures", VIRTUAL, telemetry=False)

    result.assert_outcomes(passed=1)
