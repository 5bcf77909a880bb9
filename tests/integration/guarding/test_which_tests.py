"""Which tests are guarded, and who may say otherwise."""

from __future__ import annotations

import socket
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.suite import Suite

#: A connection to another machine: refused at once, or tried for a moment.
ELSEWHERE = """
import socket

import pytest


def leave(host="192.0.2.1"):
    socket.create_connection((host, 9), timeout=0.05).close()


def is_refused(host="192.0.2.1"):
    try:
        leave(host)
    except OSError as error:
        return type(error).__name__ == "ConnectionBlocked"
"""
FREE = "def test_it():\n    assert not is_refused()\n"
MOCKED = "def test_it(mock_llm):\n    leave()\n"


def _outcomes(suite: Suite, test: str, *options: str) -> dict[str, int]:
    suite.write(ELSEWHERE + test)
    return suite.run(*options, telemetry=False).parseoutcomes()


@pytest.mark.parametrize(
    "test",
    [
        MOCKED,
        "def test_it(llm_mock):\n    leave()\n",
        "def test_it(session_mock_llm):\n    leave()\n",
        "def test_it(request):\n    request.getfixturevalue('mock_llm')\n    leave()\n",
        "@pytest.fixture\ndef wide(session_mock_llm):\n    pass\ndef test_it(wide):\n    leave()\n",
        "@pytest.mark.llm_scenario('translation')\ndef test_it():\n    leave()\n",
        pytest.param(
            "def test_it(llm_api):\n    leave()\n",
            marks=pytest.mark.skipif(not find_spec("pytest_httpx2"), reason="no extra"),
        ),
    ],
)
def test_a_test_that_uses_a_mock_is_guarded(suite: Suite, test: str) -> None:
    """Without any option."""
    assert _outcomes(suite, test)["failed"] == 1


def test_a_test_that_uses_no_mock_is_free(suite: Suite) -> None:
    """Also beside one that does."""
    assert _outcomes(suite, FREE + MOCKED.replace("test_it", "test_other")) == {
        "passed": 1,
        "failed": 1,
    }


def test_a_mock_of_wide_scope_guards_everybody_while_it_is_there(suite: Suite) -> None:
    """A test that does not name it, after one that does."""
    tests = "def test_a(session_mock_llm):\n    pass\ndef test_b():\n    leave()\n"

    assert _outcomes(suite, tests) == {"passed": 1, "failed": 1}


def test_llm_mock_guards_every_test(suite: Suite) -> None:
    """As it mocks every test."""
    assert _outcomes(suite, "def test_it():\n    leave()\n", "--llm-mock")["failed"] == 1


@pytest.mark.parametrize("way", ["option", "environment", "setting"])
def test_the_network_is_blocked_for_all_tests(
    suite: Suite, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By option, environment or setting."""
    options = ["--llm-block-network"] if way == "option" else []
    if way == "environment":
        monkeypatch.setenv("UNDERSTUDY_BLOCK_NETWORK", "1")
    if way == "setting":
        suite.pytester.makeini("[pytest]\nllm_block_network = true\n")

    assert _outcomes(suite, "def test_it():\n    leave()\n", *options)["failed"] == 1


def test_the_setting_is_lifted_for_one_run(suite: Suite) -> None:
    """`--no-llm-block-network` wins over the configuration."""
    suite.pytester.makeini("[pytest]\nllm_block_network = true\n")

    assert _outcomes(suite, FREE, "--no-llm-block-network") == {"passed": 1}


@pytest.mark.parametrize("options", [(), ("--llm-block-network",)])
def test_live_calls_are_allowed(suite: Suite, options: tuple[str, ...]) -> None:
    """`--llm-allow-live` lifts every guard."""
    suite.write(ELSEWHERE + "def test_it(mock_llm):\n    assert not is_refused()\n")

    result = suite.run("--llm-allow-live", *options, telemetry=False)

    result.assert_outcomes(passed=1)
    said = "understudy: --llm-allow-live lifts --llm-block-network: both were given."
    assert (said in result.outlines) is bool(options)


def test_allowed_hosts_are_free(suite: Suite) -> None:
    """Names, addresses and patterns of the setting."""
    suite.pytester.makeini("[pytest]\nllm_allowed_hosts =\n    192.0.2.*\n")
    test = "def test_it(mock_llm):\n    assert not is_refused()\n    leave('198.51.100.1')\n"

    suite.write(ELSEWHERE + test)
    result = suite.run(telemetry=False)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*a connection to 198.51.100.1:9*", "*llm_allowed_hosts*"])


def test_loopback_is_free(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server or a database on this machine works beside a mock."""
    suite.write("from ask import ask\ndef test_it(mock_llm):\n    assert ask()['usage']\n")

    suite.run("--llm-block-network", telemetry=False).assert_outcomes(passed=1)


@pytest.mark.parametrize("opinion", ["True", "False", "None"])
def test_others_may_say_that_a_test_is_guarded_or_has_to_get_out(
    suite: Suite, opinion: str
) -> None:
    """As cassettes do: they replay, they record, they are not there."""
    suite.pytester.makeconftest(
        f"""
        import pytest
        from understudy.pytest_plugin._stash import session_of

        @pytest.hookimpl(tryfirst=True)
        def pytest_sessionstart(session):
            session_of(session.config).features.telemetry.guards = lambda test: {opinion}
        """
    )
    blocked = {"True": {"failed": 1}, "False": {"passed": 1}, "None": {"passed": 1}}
    test = "def test_it():\n    assert not is_refused()\n"

    suite.write(ELSEWHERE + test)
    assert suite.run(telemetry=False).parseoutcomes() == blocked[opinion]
    everywhere = {"passed": 1} if opinion == "False" else {"failed": 1}
    assert suite.run("--llm-block-network", telemetry=False).parseoutcomes() == everywhere


def test_a_test_that_has_to_get_out_is_free_although_it_uses_a_mock(suite: Suite) -> None:
    """A mock beside a cassette that records."""
    suite.pytester.makeconftest(
        """
        import pytest
        from understudy.pytest_plugin._stash import session_of

        @pytest.hookimpl(tryfirst=True)
        def pytest_sessionstart(session):
            session_of(session.config).features.telemetry.guards = lambda test: False
        """
    )

    test = "def test_it(mock_llm):\n    assert not is_refused()\n"

    assert _outcomes(suite, test) == {"passed": 1}


def test_fixture_of_wider_scope_is_free_beside_a_mock(suite: Suite) -> None:
    """Its connections are not the test's; with the network blocked for all they are refused."""
    test = """
@pytest.fixture(scope="session")
def database():
    return is_refused()

def test_it(database, mock_llm):
    assert not database
"""

    assert _outcomes(suite, test) == {"passed": 1}
    assert _outcomes(suite, test, "--llm-block-network")["failed"] == 1


def test_an_interrupted_run_leaves_no_guard_behind(suite: Suite) -> None:
    """Its test has no teardown."""
    suite.write("def test_it(mock_llm):\n    raise KeyboardInterrupt\n")

    suite.pytester.runpytest_inprocess(*suite.arguments(telemetry=False), no_reraise_ctrlc=True)

    assert _outcomes(suite, FREE) == {"passed": 1}


def test_the_guard_is_put_up_once_and_taken_down_at_the_end(suite: Suite) -> None:
    """Between guarded tests it stands there and asks nothing; before the first it is not there."""
    before = socket.getaddrinfo
    tests = (
        "BEFORE, SEEN = socket.getaddrinfo, []\n"
        "def test_a(): assert socket.getaddrinfo is BEFORE\n"
        "def test_b(mock_llm): SEEN.append(socket.getaddrinfo)\n"
        "def test_c():\n"
        "    SEEN.append(socket.getaddrinfo)\n"
        "    assert not is_refused()\n"
        "@pytest.mark.xfail(strict=True)\n"
        "def test_d(mock_llm): leave()\n"
        "def test_e(mock_llm): assert {*SEEN, socket.getaddrinfo} - {BEFORE} == {SEEN[0]}\n"
    )

    assert _outcomes(suite, tests) == {"passed": 4, "xfailed": 1}
    assert socket.getaddrinfo is before
