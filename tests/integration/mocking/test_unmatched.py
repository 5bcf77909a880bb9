"""Calls that no rule answers fail their test, once, whatever becomes of the error."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.suite import Suite

MESSAGE = "found no answer in mock_llm"
ASYNC = ("-p", "pytest_asyncio.plugin", "-o", "asyncio_default_fixture_loop_scope=function")

HIDING = {
    "a bare except": """
        def test_it(mock_llm):
            try:
                ask()
            except:
                pass
    """,
    "a skip": """
        import pytest

        def test_it(mock_llm):
            try:
                ask()
            except BaseException:
                pytest.skip("no model")
    """,
    "another error": """
        def test_it(mock_llm):
            try:
                ask()
            except BaseException as error:
                raise RuntimeError("no model") from error
    """,
    "an error in its handler": """
        def test_it(mock_llm):
            try:
                ask()
            except BaseException:
                {}["key"]
    """,
    "a thread": """
        import threading

        def quietly():
            try:
                ask()
            except BaseException:
                pass

        def test_it(mock_llm):
            thread = threading.Thread(target=quietly)
            thread.start()
            thread.join()
    """,
    "a pool": """
        from concurrent.futures import ThreadPoolExecutor

        def test_it(mock_llm):
            with ThreadPoolExecutor(1) as pool:
                pool.submit(ask)
    """,
    "a unittest.TestCase": """
        import unittest
        import pytest

        class Test(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def mocked(self, mock_llm):
                pass

            def test_it(self):
                ask()
    """,
    "a unittest.TestCase that hides it": """
        import unittest
        import pytest

        @pytest.mark.llm_scenario("busy_provider")
        class Test(unittest.TestCase):
            def test_it(self):
                try:
                    for _ in range(4):
                        try:
                            ask()
                        except Exception:
                            pass
                except BaseException:
                    self.skipTest("no model")
    """,
    "a wider fixture": """
        import pytest

        @pytest.fixture(scope="module")
        def answer(module_mock_llm):
            try:
                return ask()
            except BaseException:
                return None

        def test_it(answer):
            pass
    """,
}

HIDING_IN_ASYNCIO = {
    "a gathered task": """
        async def test_it(mock_llm):
            await asyncio.gather(ask(), ask(), return_exceptions=True)
    """,
    "a group of tasks": """
        async def test_it(mock_llm):
            async with asyncio.TaskGroup() as group:
                group.create_task(ask())
    """,
    "a task in the background": """
        async def test_it(mock_llm):
            task = asyncio.create_task(ask())
            await asyncio.wait([task])
            task.exception()
    """,
}


def check(result: pytest.RunResult) -> None:
    """It failed once, in plain words."""
    result.assert_outcomes(failed=1)
    text = result.stdout.str()
    assert MESSAGE in text.partition("FAILURES")[2].partition("short test summary")[0]
    assert "site-packages/openai" not in text


@pytest.mark.parametrize("test", HIDING.values(), ids=HIDING)
def test_hidden_in(suite: Suite, test: str) -> None:
    """The test fails in its call stage, and says which call it was."""
    suite.write(f"from asking import by_openai as ask\n{_dedented(test)}")

    check(suite.run("-pno:warnings", telemetry=False))


def test_hidden_in_a_worker(suite: Suite) -> None:
    """It is the worker's to say."""
    suite.write(f"from asking import by_requests as ask\n{_dedented(HIDING['a bare except'])}")

    check(suite.run("-n1", telemetry=False))


@pytest.mark.parametrize("test", HIDING_IN_ASYNCIO.values(), ids=HIDING_IN_ASYNCIO)
@pytest.mark.parametrize("runner", ["asyncio", "anyio"])
def test_hidden_in_asyncio(suite: Suite, test: str, runner: str) -> None:
    """Whoever runs the loop."""
    head = f"""
import asyncio
import pytest
from asking import by_openai_async as ask

pytestmark = pytest.mark.{runner}

@pytest.fixture
def anyio_backend():
    return "asyncio"
"""
    suite.write(head + _dedented(test))
    plugin = ASYNC if runner == "asyncio" else ("-p", "anyio")

    check(suite.run(*plugin, "-pno:warnings", telemetry=False))
    gc.collect()  # asyncio writes tracebacks then, which CPython 3.11 cannot while it reads code


def test_an_error_of_its_own_is_told_of_the_call(suite: Suite) -> None:
    """The assertion keeps its words, and the call is a note to it."""
    suite.write("""
        from asking import by_openai as ask

        def test_it(mock_llm):
            try:
                answer = ask()
            except BaseException:
                answer = None
            assert answer == "Bonjour"
    """)

    result = suite.run(telemetry=False)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E*AssertionError: assert None == 'Bonjour'", f"E*{MESSAGE}*"])


def test_a_failed_set_up_says_which_call(suite: Suite) -> None:
    """It is an error of the set-up, in plain words."""
    suite.write("""
        import pytest
        from asking import by_openai as ask

        @pytest.fixture
        def answer(mock_llm):
            return ask()

        def test_it(answer):
            pass
    """)

    result = suite.run(telemetry=False)

    result.assert_outcomes(errors=1)
    assert "site-packages" not in result.stdout.str()


def test_a_call_in_vain_in_the_teardown_is_an_error(suite: Suite) -> None:
    """The mock is there until the last fixture is torn down."""
    suite.write("""
        import pytest
        from asking import by_openai as ask

        @pytest.fixture
        def app(mock_llm):
            yield
            try:
                ask()
            except BaseException:
                pass

        def test_it(app):
            pass
    """)

    suite.run(telemetry=False).assert_outcomes(passed=1, errors=1)


def test_an_expected_failure_is_one(suite: Suite) -> None:
    """`xfail` takes it like any other failure."""
    suite.write("""
        import pytest
        from asking import by_openai as ask

        @pytest.mark.xfail(strict=True)
        def test_it(mock_llm):
            ask()
    """)

    suite.run(telemetry=False).assert_outcomes(xfailed=1)


def test_a_test_may_expect_it(suite: Suite) -> None:
    """It is still a call that nothing answered."""
    suite.write("""
        import pytest
        from asking import by_openai as ask
        from understudy.mock import UnmatchedCall

        def test_it(mock_llm):
            with pytest.raises(UnmatchedCall):
                ask()
            assert len(mock_llm.unmatched) == 1
            mock_llm.forgive()
    """)

    suite.run(telemetry=False).assert_outcomes(failed=1)


def test_a_function_that_raises_shows_where(suite: Suite) -> None:
    """The traceback of the test's own code is there."""
    suite.write("""
        from asking import by_openai as ask

        def answer(call):
            return call.no_such_thing

        def test_it(mock_llm):
            mock_llm.reply(answer)
            ask()
    """)

    result = suite.run(telemetry=False)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*return call.no_such_thing", "*MockError: answer*raised*"])


def test_many_calls_in_vain_are_told_in_short(suite: Suite) -> None:
    """Each different one once, and no more than three."""
    suite.write("""
        from asking import by_openai as ask

        def test_it(mock_llm):
            for number in (0, 0, 1, 2, 3, 4):
                try:
                    ask(f"Question {number}")
                except BaseException:
                    pass
    """)

    result = suite.run(telemetry=False)

    text = result.stdout.str()
    assert [f"'Question {number}'" in text for number in range(5)] == [*[True] * 3, False, False]
    result.stdout.fnmatch_lines(["* and 2 further calls found no answer."])


def test_a_call_outside_of_any_test_fails_the_run(suite: Suite, workers: tuple[str, ...]) -> None:
    """It is said at the end, since no test can say it."""
    suite.write(
        "def test_it(): pass",
        conftest="""
            from asking import by_openai as ask

            def pytest_sessionfinish(session):
                for number in range(4 * (not hasattr(session.config, "workerinput"))):
                    try:
                        ask()
                    except BaseException:
                        pass
        """,
    )

    result = suite.run(*workers, "--llm-mock=busy_provider", telemetry=False)

    result.assert_outcomes(passed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([f"*a call outside of any test found no answer: *{MESSAGE}*"])


def test_a_call_of_a_test_that_had_ended_fails_the_run(suite: Suite) -> None:
    """A thread made it, too late for its test to say so."""
    suite.write("""
        import threading
        from asking import by_openai as ask

        GO = threading.Event()

        def later():
            GO.wait(30)
            try:
                ask()
            except BaseException:
                pass

        def test_first(mock_llm, monkeypatch):
            global THREAD
            THREAD = threading.Thread(target=later)
            THREAD.start()

        def test_second(monkeypatch):
            monkeypatch.setenv("OPENAI_API_KEY", "x")
            GO.set()
            THREAD.join()
    """)

    result = suite.run(telemetry=False)

    result.assert_outcomes(passed=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*a call of test_it.py::test_first, which had ended by then,*"])


def test_the_hook_may_answer(suite: Suite) -> None:
    """The first plugin that returns something does."""
    suite.write(
        """
        from asking import by_openai as ask

        def test_it(mock_llm):
            assert ask() == "test_it was asked Hello?"

        def test_wide(session_mock_llm):
            assert ask() == "test_wide was asked Hello?"
        """,
        conftest="""
            def pytest_llm_unmatched_call(item, request):
                return f"{item.name} was asked {request.user_text}"
        """,
    )

    suite.run(telemetry=False).assert_outcomes(passed=2)


def _dedented(test: str) -> str:
    return "\n".join(line.removeprefix("        ") for line in test.splitlines())
