"""How a guarded test fails: by name, once, whatever the application made of the refusal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from tests.support.suite import each_way

if TYPE_CHECKING:
    from tests.support.suite import Suite

SUITE = """
import asyncio
import unittest
from contextlib import suppress

import pytest
import requests


def call():
    requests.post("https://api.openai.com/v1/chat/completions", json={"model": "m"}, timeout=1)


def connect():
    requests.get("http://192.0.2.1/", timeout=1)


def swallow():
    with suppress(BaseException):
        call()
"""
REFUSED = "POST https://api.openai.com/v1/chat/completions for 'm' (urllib3) was refused by"
#: The last line of what is said of a call.
ADVICE = "  Answer it: the mock_llm fixture"


def _run(suite: Suite, test: str, *options: str) -> pytest.RunResult:
    suite.write(SUITE + test)
    return suite.run("--llm-block-network", *options, telemetry=False)


@pytest.mark.parametrize(
    "test",
    [
        "def test_it():\n    call()\n",
        "def test_it():\n    swallow()\n",
        "def test_it():\n    swallow()\n    pytest.skip('offline')\n",
        "def test_it():\n    with pytest.raises(BaseException):\n        call()\n",
        "@pytest.fixture\ndef early():\n    swallow()\ndef test_it(early):\n    pass\n",
        "class TestIt(unittest.TestCase):\n    def test_it(self):\n        call()\n",
        "class TestIt(unittest.TestCase):\n    def test_it(self):\n        swallow()\n",
        "def test_it():\n    raise BaseExceptionGroup('both', [_error(), _error()])\n"
        "def _error():\n    try:\n        call()\n    except BaseException as error:\n"
        "        return error\n",
    ],
)
def test_a_refused_call_fails_the_test_in_its_call_stage(suite: Suite, test: str) -> None:
    """Raised, swallowed, skipped over, in a group, in a TestCase."""
    _is_said_once(_run(suite, test, "-rA"))


@each_way
def test_a_refused_call_is_said_with_workers_too(suite: Suite, workers: tuple[str, ...]) -> None:
    """By the worker that ran the test, once."""
    _is_said_once(_run(suite, "def test_it():\n    swallow()\n", "-rA", *workers))


def _is_said_once(result: pytest.RunResult) -> None:
    result.assert_outcomes(failed=1)
    assert result.stdout.str().count(ADVICE) == 1
    result.stdout.fnmatch_lines([f"{REFUSED} test_it.py::*test_it in *", "FAILED test_it.py::*"])
    assert "Traceback" not in result.stdout.str()


def test_several_refusals_are_one_failure(suite: Suite) -> None:
    """Each different thing once."""
    test = """
def test_it():
    swallow()
    swallow()
    with suppress(OSError):
        connect()
"""

    result = _run(suite, test)

    result.assert_outcomes(failed=1)
    assert result.stdout.str().count("llm_allowed_hosts") == 2


def test_a_refused_connection_is_said_once(suite: Suite) -> None:
    """The client's own error tells of it already."""
    result = _run(suite, "def test_it():\n    connect()\n", "--tb=native")

    result.assert_outcomes(failed=1)
    assert not any("Failed:" in line for line in result.outlines)


def test_a_refused_connection_lets_a_test_skip_itself(suite: Suite) -> None:
    """It is no call to a model."""
    test = (
        "def test_it():\n    try:\n        connect()\n    except OSError:\n"
        "        pytest.skip('offline')\n"
    )

    _run(suite, test).assert_outcomes(skipped=1)


def test_a_test_that_fails_anyway_keeps_its_own_words(suite: Suite) -> None:
    """And is told of the call besides."""
    result = _run(suite, "def test_it():\n    swallow()\n    assert 1 == 2\n")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*assert 1 == 2*", f"*{REFUSED}*"])


def test_an_unexpected_refusal_is_an_expected_failure_of_xfail(suite: Suite) -> None:
    """As any failure of the test is."""
    test = "@pytest.mark.xfail\ndef test_it():\n    swallow()\n"

    _run(suite, test).assert_outcomes(xfailed=1)


def test_refusal_in_the_setup_is_an_error_of_the_test(suite: Suite) -> None:
    """In plain words, without the path through the client."""
    test = "@pytest.fixture\ndef early():\n    call()\ndef test_it(early):\n    pass\n"

    result = _run(suite, test)

    result.assert_outcomes(errors=1)
    assert result.stdout.str().count(ADVICE) == 1


@pytest.mark.parametrize("how", ["call", "swallow"])
def test_refusal_in_the_teardown_leaves_everything_in_order(suite: Suite, how: str) -> None:
    """It is an error of the test; the other finalizers run, and so does the next test."""
    test = f"""
@pytest.fixture
def outer():
    yield
    print("outer is closed")

@pytest.fixture
def inner(outer):
    yield
    {how}()

def test_it(inner):
    pass

def test_next():
    pass
"""

    result = _run(suite, test, "-s")

    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*outer is closed*"])
    assert result.stdout.str().count(ADVICE) == 1


def test_a_rerun_is_judged_anew(suite: Suite) -> None:
    """The second run of a test fails like the first."""
    suite.pytester.makeini("[pytest]\naddopts = -p pytest_rerunfailures\n")

    result = _run(suite, "def test_it():\n    swallow()\n", "--reruns=1")

    result.assert_outcomes(failed=1)
    assert "1 rerun" in result.stdout.str()


def test_what_a_wide_fixture_hid_fails_the_test_that_set_it_up(suite: Suite) -> None:
    """And names the fixture."""
    test = (
        "@pytest.fixture(scope='session')\ndef wide():\n    swallow()\n"
        "def test_it(wide):\n    pass\ndef test_next(wide):\n    pass\n"
    )

    result = _run(suite, test)

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines([f"{REFUSED} fixture:wide in *"])


def test_a_pool_of_processes_delivers_what_failed_in_it(suite: Suite) -> None:
    """Refused by the guard, or in vain at a mock; a worker dies of what is no `Exception`."""
    test = """
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import openai

FORK = get_context("fork")
KINDS = pytest.mark.parametrize("kind", ["pool", "executor"])


def ask(_=None):
    openai.OpenAI(api_key="x").chat.completions.create(model="m", messages=[])


def deliver(kind):
    if kind == "pool":
        with FORK.Pool(1) as pool:
            return pool.apply_async(ask).get(timeout=30)
    with ProcessPoolExecutor(1, mp_context=FORK) as pool:
        return pool.submit(ask).result(timeout=30)


@KINDS
def test_refused(kind):
    with pytest.raises(BaseException, match="was refused by test_it.py::test_refused"):
        deliver(kind)

@KINDS
def test_in_vain(kind, mock_llm):
    with pytest.raises(BaseException, match="found no answer in mock_llm"):
        deliver(kind)
"""

    _run(suite, test, "-Wignore::DeprecationWarning").assert_outcomes(passed=4)


def test_an_unknown_library_is_named_once_in_the_summary(suite: Suite) -> None:
    """The guard says what it could not guard."""
    suite.pytester.makeconftest(
        """
        from understudy.pytest_plugin._stash import session_of

        def pytest_collection_finish(session):
            session_of(session.config).features.guard._guard.unsupported.append("httpcore._sync.http11")
        """
    )

    result = _run(suite, "def test_it():\n    pass\n")

    result.assert_outcomes(passed=1)
    assert result.stdout.str().count("while guarding httpcore._sync.http11") == 1


def test_a_module_that_connects_past_the_guard_is_named_in_the_summary(
    suite: Suite, workers: tuple[str, ...]
) -> None:
    """Where it is loaded; a run without guarded tests has no guard."""
    tests = "import MySQLdb\ndef test_it(mock_llm):\n    pass\n"
    suite.pytester.makepyfile(MySQLdb="")
    suite.write(tests)

    said = suite.run(*workers, telemetry=False).stdout.str()
    assert said.count("no guard sees the connections of MySQLdb, which guarded tests") == 1
    sys.modules.pop("MySQLdb", None)
    suite.write(tests.replace("mock_llm", ""))
    assert "MySQLdb" not in suite.run(*workers).stdout.str()
    sys.modules.pop("MySQLdb", None)
