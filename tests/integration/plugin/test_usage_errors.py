"""Malformed options, settings and tables end the run at once, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.suite import Suite


@pytest.fixture(autouse=True)
def _marking(suite: Suite) -> None:
    suite.write("""
        from pathlib import Path

        def test_it():
            Path("ran").touch()
    """)


def refusal(suite: Suite, result: pytest.RunResult) -> str:
    """Return the one line; no test ran, and nobody sees a traceback."""
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert not (suite.path / "ran").exists()
    assert "Traceback" not in result.stdout.str() + result.stderr.str()
    (line,) = filter(None, result.errlines)
    return line.removeprefix("ERROR: ")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--llm-budget=abc"], "--llm-budget: 'abc' is no amount in USD. *"),
        (["--llm-budget=-1"], "--llm-budget: '-1' is no amount in USD. *"),
        (["--llm-budget=nan"], "--llm-budget: 'nan' is no amount in USD. *"),
        (["--llm-store="], "--llm-store: the value is empty. *"),
        (["--llm-store=redis://x"], "unknown kind of store 'redis' in redis://x. *"),
        (["--llm-store=postgrse://x"], "*Did you mean 'postgres'? *"),
        (["--llm-store=/tmp"], "the store '/tmp' is a folder; name a file in it"),
        (["--no-llm-telemetry", "--llm-budget=1"], "--llm-budget needs telemetry, *"),
        (["-o", "llm_telemetry=maybe"], "llm_telemetry: *maybe*"),
        (["-o", "llm_budget=abc"], "llm_budget: *abc*"),
        (["-o", "llm_store_content=perhaps"], "llm_store_content: *perhaps*"),
        (["-o", "llm_telemtry=true"], "unknown setting 'llm_telemtry'. *'llm_telemetry'?"),
    ],
)
def test_options(suite: Suite, options: list[str], complaint: str) -> None:
    """The message names the option and the value."""
    line = refusal(suite, suite.run(*options))

    pytest.LineMatcher([line]).fnmatch_lines(complaint)


def test_options_with_workers(suite: Suite) -> None:
    """The controller refuses before it starts any."""
    line = refusal(suite, suite.run("--llm-budget=abc", "-n2"))

    assert line.startswith("--llm-budget: 'abc' is no amount in USD.")


@pytest.mark.parametrize(
    ("variable", "value", "complaint"),
    [
        (
            "UNDERSTUDY_TELEMETRY",
            "perhaps",
            "UNDERSTUDY_TELEMETRY: 'perhaps' is neither yes nor no*",
        ),
        ("UNDERSTUDY_BUDGET", "much", "UNDERSTUDY_BUDGET: 'much' is no amount in USD. *"),
        ("UNDERSTUDY_STORE", " ", "UNDERSTUDY_STORE: the value is empty. *"),
        (
            "UNDERSTUDY_BLOCK_NETWROK",
            "1",
            "unknown setting 'UNDERSTUDY_BLOCK_NETWROK' in the environment. *_BLOCK_NETWORK'?",
        ),
    ],
)
def test_variables(
    suite: Suite, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, complaint: str
) -> None:
    """The message names the variable, whether telemetry is asked for or not."""
    monkeypatch.setenv(variable, value)

    line = refusal(suite, suite.run(telemetry=False))

    pytest.LineMatcher([line]).fnmatch_lines(complaint)


@pytest.mark.skipif(pytest.version_tuple < (9,), reason="pytest 9 brought typed settings")
@pytest.mark.parametrize(
    ("setting", "complaint"),
    [
        ('llm_telemetry = "yes"', "*llm_telemetry*"),
        ('llm_budget = "0.5"', "*llm_budget*"),
        ("llm_store = 7", "*llm_store*"),
    ],
)
def test_typed_settings(suite: Suite, setting: str, complaint: str) -> None:
    """Native TOML holds values of the right type."""
    (suite.path / "pytest.toml").write_text(f"[pytest]\n{setting}\n")

    line = refusal(suite, suite.run(telemetry=False))

    pytest.LineMatcher([line]).fnmatch_lines(complaint)


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ("[tool.understudy]\nprice = 1", "unknown key 'price' in *pyproject.toml, *'prices'?*"),
        ("[tool]\nunderstudy = 1", "*pyproject.toml: [[]tool.understudy] is no table*"),
        ("[tool.understudy]\nprices = 1", "*prices] is no table but 1."),
        ("[tool.understudy.prices]\nm = 1", "*pyproject.toml*"),
        ("[tool.understudy.prices]\nm = {input = -1}", "*pyproject.toml*input*"),
        ("[tool.understudy.prices]\nm = {inptu = 1}", "*pyproject.toml*'input'?*"),
        ("[tool.understudy.prices]\nm = {output = 1}", "*pyproject.toml*input*"),
        ('[tool.understudy.prices]\nm = {input = "much"}', "*pyproject.toml*much*"),
    ],
)
def test_tables(suite: Suite, table: str, complaint: str) -> None:
    """The message names the file and the key."""
    suite.pytester.makepyprojecttoml(table)

    line = refusal(suite, suite.run())

    pytest.LineMatcher([line]).fnmatch_lines(complaint)


def test_a_setting_that_is_not_nearly_ours_is_somebody_elses(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plugin's own, or one that pytest warns of, from 9 on."""
    monkeypatch.setenv("UNDERSTUDY_OWN", "1")
    suite.write(
        "def test_it(): pass",
        conftest='def pytest_addoption(parser): parser.addini("llm_telemetrie", "our own")',
    )

    result = suite.run("-o", "llm_telemetrie=1", "-o", "llm_own=1", telemetry=False)

    result.assert_outcomes(passed=1)


def test_tables_are_not_read_by_those_who_do_not_need_them(suite: Suite) -> None:
    """An idle plugin stops nobody."""
    suite.pytester.makepyprojecttoml("[tool.understudy]\nprice = 1")

    result = suite.run(telemetry=False)

    result.assert_outcomes(passed=1)


def test_a_refused_run_leaves_no_file(suite: Suite) -> None:
    """Neither store nor journal."""
    refusal(suite, suite.run("--llm-budget=abc"))

    assert not (suite.path / ".understudy").exists()
