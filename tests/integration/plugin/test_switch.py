"""`--llm-telemetry`, its setting and its variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.suite import STORE, each_way, lines_of

if TYPE_CHECKING:
    from tests.support.suite import Suite

CALLING = """
    from ask import ask

    def test_call():
        ask()
"""


@pytest.fixture(autouse=True)
def _calling(suite: Suite) -> None:
    suite.write(CALLING)


def is_recorded(suite: Suite, result: pytest.RunResult) -> bool:
    """Tell whether the run summed up and stored its call; one without the other is a fault."""
    result.assert_outcomes(passed=1)
    is_said, is_stored = bool(lines_of(result)), (suite.path / STORE).exists()
    assert is_said == is_stored
    assert not is_stored or suite.stored().count == {"test_call": 1}
    return is_stored


@each_way
def test_the_option_switches_it_on(suite: Suite, workers: tuple[str, ...]) -> None:
    """`--llm-telemetry` records, prints and stores."""
    result = suite.run(*workers)

    assert is_recorded(suite, result)


def test_without_a_word_it_is_off(suite: Suite) -> None:
    """Nothing is printed, and no file is left."""
    result = suite.run(telemetry=False)

    assert not is_recorded(suite, result)
    assert not (suite.path / ".understudy").exists()
    result.stdout.no_fnmatch_line("understudy: *")


@pytest.mark.parametrize("variable", ["UNDERSTUDY_TELEMETRY", "TELEMETRY_DB_ENABLED"])
@pytest.mark.parametrize(("word", "is_on"), [("1", True), ("no", False), ("", False)])
def test_a_variable_switches_it(
    suite: Suite, monkeypatch: pytest.MonkeyPatch, variable: str, word: str, *, is_on: bool
) -> None:
    """Both variables are read."""
    monkeypatch.setenv(variable, word)

    result = suite.run(telemetry=False)

    assert is_recorded(suite, result) is is_on


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest.ini", "[pytest]\nllm_telemetry = true\n"),
        ("pyproject.toml", "[tool.pytest.ini_options]\nllm_telemetry = true\n"),
        pytest.param(
            "pyproject.toml",
            "[tool.pytest]\nllm_telemetry = true\n",
            marks=pytest.mark.skipif(pytest.version_tuple < (9,), reason="pytest 9 brought it"),
        ),
        pytest.param(
            "pytest.toml",
            "[pytest]\nllm_telemetry = true\n",
            marks=pytest.mark.skipif(pytest.version_tuple < (9,), reason="pytest 9 brought it"),
        ),
    ],
    ids=["ini", "ini in toml", "toml", "pytest.toml"],
)
def test_a_setting_switches_it_on(suite: Suite, name: str, text: str) -> None:
    """It may stand in every form of pytest's configuration."""
    (suite.path / name).write_text(text)

    result = suite.run(telemetry=False)

    assert is_recorded(suite, result)


def test_the_command_line_overrules(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--no-llm-telemetry` wins over the variable and the setting."""
    monkeypatch.setenv("UNDERSTUDY_TELEMETRY", "1")
    suite.pytester.makeini("[pytest]\nllm_telemetry = true")

    result = suite.run("--no-llm-telemetry", telemetry=False)

    assert not is_recorded(suite, result)


def test_the_variable_overrules_the_setting(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment wins over the configuration."""
    monkeypatch.setenv("UNDERSTUDY_TELEMETRY", "0")
    suite.pytester.makeini("[pytest]\nllm_telemetry = true")

    result = suite.run(telemetry=False)

    assert not is_recorded(suite, result)


def test_at_v_the_header_says_which_place_won(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line holds each option that was given, its value and where that comes from."""
    monkeypatch.setenv("UNDERSTUDY_STORE", "calls.db")
    suite.pytester.makeini("[pytest]\nllm_budget = 0.5")

    result = suite.run("-v")

    result.stdout.fnmatch_lines(
        [
            "understudy: telemetry=on (command line)",
            f"  store={suite.path}/calls.db (UNDERSTUDY_STORE)",
            "  budget=0.5 (configuration)",
        ],
        consecutive=True,
    )


@pytest.mark.parametrize(("option", "telemetry"), [("-v", False), ("-rA", True), ("-q", True)])
def test_the_header_is_silent_unless_asked(suite: Suite, option: str, *, telemetry: bool) -> None:
    """Idle, or without `-v`, there is no line of ours in the header."""
    result = suite.run(option, telemetry=telemetry)

    result.stdout.no_fnmatch_line("understudy: *")


def test_a_password_in_the_store_is_not_shown(suite: Suite) -> None:
    """The header shows the store's URL without it, and so does the warning."""
    pytest.importorskip("psycopg")

    result = suite.run("-v", "--llm-store=postgresql://me:secret123@127.0.0.1:1/db")

    assert "store=postgresql://me:***@127.0.0.1:1/db (command line)" in result.stdout.str()
    assert "secret123" not in result.stdout.str() + result.stderr.str()


@pytest.mark.parametrize("option", ["--help", "--version", "--markers"])
def test_what_runs_no_test_leaves_no_file(suite: Suite, option: str) -> None:
    """Telemetry is on, but there is nothing to record."""
    suite.run(option)

    assert not (suite.path / ".understudy").exists()


@pytest.mark.parametrize(
    ("option", "ours"),
    [
        ("--help", ["LLM testing (understudy):", "*--llm-telemetry*", "*--llm-budget=USD*"]),
        ("--help", ["*llm_telemetry (bool):*", "*llm_store (string):*", "*llm_store_content*"]),
        ("--markers", ["@pytest.mark.llm_ignore: *", "@pytest.mark.llm_budget(usd=, calls=*"]),
        ("--fixtures", ["llm_calls -- *", "llm_telemetry * -- *"]),
    ],
)
def test_pytest_shows_what_is_ours(suite: Suite, option: str, ours: list[str]) -> None:
    """Options, settings, markers and fixtures are listed by pytest."""
    result = suite.run(option, telemetry=False)

    result.stdout.fnmatch_lines(ours)


def test_markers_pass_strict_pytest(suite: Suite) -> None:
    """Strict markers and strict settings know ours."""
    suite.pytester.makeini("[pytest]\nllm_store_content = false\nllm_budget = 1")
    suite.write("""
        import pytest

        @pytest.mark.llm_ignore
        def test_ignored(): pass

        @pytest.mark.llm_budget(calls=0)
        def test_limited(): pass
    """)

    result = suite.run("--strict-markers", "--strict-config")

    result.assert_outcomes(passed=2)


@pytest.mark.parametrize("name", ["understudy", "understudy.pytest_plugin"])
def test_it_can_be_named_without_autoload(suite: Suite, name: str) -> None:
    """`-p` takes the entry point's name and the module's."""
    result = suite.pytester.runpytest_subprocess("-p", name, "--llm-telemetry")

    assert is_recorded(suite, result)


def test_it_can_be_blocked(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-p no:understudy` takes every option and fixture away."""
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")

    listed = suite.pytester.runpytest_subprocess("-p", "no:understudy", "--fixtures")
    refused = suite.pytester.runpytest_subprocess("-p", "no:understudy", "--llm-telemetry")

    assert "llm_calls" not in listed.stdout.str()
    assert refused.ret == pytest.ExitCode.USAGE_ERROR
