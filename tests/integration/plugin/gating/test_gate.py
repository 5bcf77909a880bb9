"""`--llm-gate`: red when figures regress, and only then."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from tests.support.gated_suite import REGRESSIONS, TESTS, figures, section
from tests.support.suite import alone_or_two

if TYPE_CHECKING:
    from tests.support.gated_suite import GatedSuite

CAUSES = {
    "longer prompt": ["input_tokens", "by a larger quantity"],
    "dearer model": ["cost", "by a dearer model"],
    "one more retry": ["attempts 2 -> 3", "2 of them retries"],
    "slower profile": ["duration 300 ms -> 330 ms", "ttfc 300 ms -> 330 ms", "house"],
    "worse estimator": ["smape", "mean over predictions of 1 calls"],
}


@pytest.mark.parametrize("way", REGRESSIONS)
def test_each_way_to_regress_is_red_and_named(gated: GatedSuite, way: str) -> None:
    """Five runs, five red."""
    gated.start()
    gated.change(*REGRESSIONS[way])

    result = gated.gate()

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    text = " ".join(result.stdout.str().split())
    assert all(cause in text for cause in CAUSES[way])
    assert result.parseoutcomes()["failed"] >= 1
    assert result.parseoutcomes()["passed"] == 5


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("-n2",),
        ("-k", "numbered"),
        ("-k", "order or refund"),
        ("-m", "slow"),
        ("--deselect", "test_it.py::test_order"),
        ("test_it.py::test_refund",),
        ("-p", "no:randomly"),
    ],
    ids=" ".join,
)
def test_the_unchanged_run_is_green_whatever_is_selected(
    gated: GatedSuite, options: tuple[str, ...]
) -> None:
    """With and without workers."""
    gated.start()

    result = gated.gate(*options)

    assert result.ret == 0
    assert set(figures(result)) == {"PASS"}


def test_the_unchanged_run_is_green_in_any_order_every_time(gated: GatedSuite) -> None:
    """Twenty times of twenty."""
    gated.start()
    gated.suite.pytester.makeconftest(
        """
        import os
        from random import Random

        def pytest_collection_modifyitems(items):
            Random(os.environ["ORDER"]).shuffle(items)
        """
    )

    with pytest.MonkeyPatch.context() as patch:
        results = []
        for order in range(20):
            patch.setenv("ORDER", str(order))
            results.append(gated.gate("-q"))

    assert [result.ret for result in results] == [0] * 20


def test_failures_are_failing_reports_everywhere(
    gated: GatedSuite, workers: tuple[str, ...]
) -> None:
    """On the screen, in `-rf`, in JUnit's file, in the store; the tests themselves passed."""
    gated.start()
    gated.change(*REGRESSIONS["one more retry"])

    result = gated.gate("--junitxml=junit.xml", "-rf", *workers)

    result.assert_outcomes(passed=5, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*FAILURES*",
            "*test_refund (llm_gate)*",
            "attempts 2 -> 3 (+1, +50.0 %)*",
            "gate     1 figure of 1 test, which passed before it",
            "test_it.py",
            "    test_refund  attempts 2 -> 3",
            "mocked and replayed calls give the same figures every time: this is no noise",
            "-> pytest test_it.py::test_refund --llm-update-baseline --llm-reason=*",
            "FAILED test_it.py::test_refund - attempts 2 -> 3 (llm_gate)",
        ]
    )
    suite = ET.parse(gated.path / "junit.xml").getroot()[0]
    assert (suite.get("failures"), suite.get("errors"), suite.get("tests")) == ("1", "0", "6")
    (failure,) = suite.findall(".//failure")
    message = str(failure.get("message"))
    assert message.startswith("attempts 2 -> 3 (llm_gate)\nattempts 2 -> 3 (+1, +50.0 %)")
    assert "-> pytest test_it.py::test_refund --llm-update-baseline" in message
    assert gated.suite.stored().run.exit_status == 1


def test_maxfail_counts_the_gate_s_failures(gated: GatedSuite) -> None:
    """They are failures like any other."""
    gated.start()
    gated.change(*REGRESSIONS["one more retry"])

    result = gated.gate("--maxfail=1")

    assert result.ret == 1
    result.stdout.fnmatch_lines(["*stopping after 1 failures*"])


def test_last_failed_knows_the_gate_s_failures(gated: GatedSuite) -> None:
    """The test is worth another look; the other tests are not missed then."""
    gated.start()
    gated.change(*REGRESSIONS["one more retry"])
    gated.gate()

    result = gated.gate("--lf")

    result.assert_outcomes(passed=1, failed=1)
    assert figures(result)["FAIL"] == 1


def test_quiet_runs_say_what_is_not_green(gated: GatedSuite) -> None:
    """Nothing where all passed."""
    gated.start()

    green, warned = gated.gate("-q"), gated.gate("-q", "--llm-clock=real")

    assert section(green) == ""
    assert "ENV_MISMATCH" in section(warned)
    assert warned.ret == 0


@pytest.mark.parametrize("options", [("--llm-clock=real",), ("--llm-profile=instant",)])
def test_another_circumstance_is_yellow_and_red_where_strict(
    gated: GatedSuite, options: tuple[str, ...]
) -> None:
    """Tokens are compared all the same."""
    gated.start()

    yellow = gated.gate(*options)
    strict = gated.gate(*options, "-o", "llm_gate_strict=true")

    assert (yellow.ret, strict.ret) == (0, 1)
    assert figures(yellow)["ENV_MISMATCH"] == 5
    assert figures(yellow)["PASS"] > 5


def test_a_configured_profile_that_becomes_slower_is_red(gated: GatedSuite) -> None:
    """The configuration is committed with the code: it regressed."""
    gated.start()
    gated.change(
        "pyproject.toml",
        "[tool.pytest.ini_options]",
        "[tool.pytest.ini_options]\nllm_profile = 'slow'",
    )
    unasked = type(gated)(gated.suite, gated.kept, ("--llm-clock=virtual",))

    result = unasked.gate()

    assert result.ret == 1
    assert "its profile was house, now slow" in " ".join(result.stdout.str().split())


def test_without_a_baseline_the_run_is_red_with_what_to_run(gated: GatedSuite) -> None:
    """A gate that compares nothing does not pass."""
    result = gated.gate()

    assert result.ret == 1
    result.stdout.fnmatch_lines(["FAILED llm_gate::run - NO_COMPARISON (llm_gate)"])
    assert 'pytest --llm-update-baseline --llm-reason="first baseline"' in result.stdout.str()


def test_an_empty_baseline_is_none(gated: GatedSuite) -> None:
    """A folder alone says nothing."""
    gated.baseline.mkdir()

    assert figures(gated.gate()) == {"NEW": 5, "NO_COMPARISON": 1}


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("", "test_it.py.tsv:1: the file is empty"),
        ("<<<<<<< HEAD\n", "test_it.py.tsv:1: the marks of a merge conflict"),
        ("{}\n", "test_it.py.tsv:1: this is no baseline of understudy"),
    ],
)
def test_a_damaged_baseline_is_red_with_file_and_line(
    gated: GatedSuite, damage: str, said: str
) -> None:
    """Also for an update, which would lose what is in there."""
    gated.start()
    (gated.baseline / "test_it.py.tsv").write_text(damage)

    gate, update = gated.gate(), gated.accept()

    assert (gate.ret, update.ret) == (1, 1)
    assert said in " ".join(gate.stdout.str().split())
    assert said in " ".join(update.stdout.str().split())


def test_a_run_without_calls_is_red(gated: GatedSuite) -> None:
    """All deselected, or nothing asked a model."""
    gated.start()

    deselected = gated.gate("-k", "nothing")
    gated.write("def test_idle():\n    pass\n")
    idle = gated.gate()

    assert (deselected.ret, idle.ret) == (1, 1)
    assert figures(deselected) == {"NO_COMPARISON": 1}
    assert figures(idle) == {"MISSING": 5}


@pytest.mark.parametrize("option", ["--collect-only", "--fixtures", "--setup-plan"])
def test_what_runs_no_test_is_not_judged(gated: GatedSuite, option: str) -> None:
    """Where the configuration has the gate on, `--collect-only` is not red for it."""
    result = gated.gate(option)

    assert result.ret == 0
    assert section(result) == ""


def test_telemetry_off_contradicts_the_gate(gated: GatedSuite) -> None:
    """A usage error, before any test runs."""
    result = gated.gate("--no-llm-telemetry")

    assert result.ret == pytest.ExitCode.USAGE_ERROR


ORDER = "def test_order(mock_llm):"
GONE = {
    "renamed": ("def test_order", "def test_orders", "renamed to test_it.py::test_orders?"),
    "removed": ("def test_order", "def order", "no longer holds it"),
    "skipped": (ORDER, f"@pytest.mark.skip(reason='later')\n{ORDER}", "it was skipped (later)"),
    "xfailed": (
        ORDER,
        f"@pytest.mark.xfail(reason='flaky')\n{ORDER}\n    assert False",
        "it was xfailed (flaky)",
    ),
    "ignored": (ORDER, f"@pytest.mark.llm_ignore\n{ORDER}", "made no LLM call"),
    "failed": (ORDER, f"{ORDER}\n    assert False", "the test failed"),
    "module skipped": (
        "import pytest",
        "import pytest\npytest.skip('not here', allow_module_level=True)",
        "it was skipped (not here)",
    ),
}
VERDICTS = {
    "renamed": {"MISSING": 1, "NEW": 1},
    "failed": {"INCONCLUSIVE": 1},
    "module skipped": {"MISSING": 5},
}


@pytest.mark.parametrize("way", GONE)
def test_no_figure_goes_missing_in_silence(gated: GatedSuite, way: str) -> None:
    """Each has its verdict."""
    old, new, said = GONE[way]
    gated.start()
    gated.change("test_it.py", old, new)

    result = gated.gate(*(["-n1"] if "skipped" in way else []))

    found = figures(result)
    found.pop("PASS", None)
    assert found == VERDICTS.get(way, {"MISSING": 1})
    assert said in " ".join(result.stdout.str().split())
    assert result.ret == 1


def test_a_removed_module_is_missing_whatever_is_selected(gated: GatedSuite) -> None:
    """Nobody collects what is not there."""
    (gated.path / "test_old.py").write_text(TESTS)
    gated.start()
    (gated.path / "test_old.py").unlink()

    result = gated.gate("-k", "order")

    assert figures(result)["MISSING"] == 5
    assert result.ret == 1


def test_a_new_test_is_green_with_a_notice(gated: GatedSuite) -> None:
    """And in the baseline once it is accepted, alone."""
    gated.start()
    gated.change(
        "test_it.py",
        "@pytest.mark.slow",
        "def test_new(mock_llm):\n    mock_llm.reply('x')\n    ask('x')\n\n@pytest.mark.slow",
    )

    first = gated.gate()
    gated.change("app.py", "in one sentence", "in one long sentence")
    gated.accept("test_it.py::test_new")
    second = gated.gate()

    assert first.ret == 0
    assert figures(first)["NEW"] == 1
    assert "NEW" not in figures(second)
    assert figures(second)["FAIL"] > 0


def test_a_better_figure_is_green_with_a_notice(gated: GatedSuite) -> None:
    """The baseline is then too generous."""
    gated.start()
    gated.change("app.py", "in a friendly tone, ", "")

    result = gated.gate()

    assert result.ret == 0
    assert figures(result)["IMPROVED"] > 0


def test_a_rerun_counts_by_its_last_time(gated: GatedSuite) -> None:
    """What failed before it is forgotten."""
    gated.change(
        "test_it.py",
        'ask("Where is my order?")',
        'ask("Where is my order?")\n    import flaky\n    flaky.fail_once()',
    )
    (gated.path / "flaky.py").write_text("def fail_once():\n    pass\n")
    gated.start()
    (gated.path / "flaky.py").write_text(
        "from pathlib import Path\n\ndef fail_once():\n    mark = Path('failed')\n"
        "    if not mark.exists():\n        mark.touch()\n        assert False\n"
    )

    result = gated.gate("-p", "rerunfailures", "--reruns=1")

    assert result.ret == 0
    assert set(figures(result)) == {"PASS"}


def test_a_stopped_run_is_not_judged_and_says_so(gated: GatedSuite) -> None:
    """It is red by itself."""
    gated.start()
    gated.change(
        "test_it.py", "def test_order(mock_llm):", "def test_order(mock_llm):\n    assert False"
    )

    result = gated.gate("-x")

    assert result.ret == 1
    assert "did not come to its end" in section(result)


def test_a_crash_of_the_gate_is_an_internal_error(gated: GatedSuite) -> None:
    """Never green."""
    gated.start()
    gated.suite.pytester.makeconftest(
        """
        def pytest_llm_gate_verdict(config, verdict):
            raise RuntimeError("a bug")
        """
    )

    result = gated.gate()

    assert result.ret == pytest.ExitCode.INTERNAL_ERROR
    result.stdout.fnmatch_lines(["INTERNALERROR>*RuntimeError: a bug"])


def test_the_hook_hears_every_verdict(gated: GatedSuite, workers: tuple[str, ...]) -> None:
    """Once, in the controller."""
    gated.start()
    gated.change(*REGRESSIONS["one more retry"])
    gated.suite.pytester.makeconftest(
        """
        def pytest_llm_gate_verdict(config, verdict):
            if verdict.verdict == "FAIL":
                print("heard", verdict.subject, verdict.metric, verdict.baseline, verdict.now)
        """
    )

    result = gated.gate("-s", *workers)

    heard = [line for line in result.outlines if "heard" in line]
    assert len(heard) == 1
    assert heard[0].endswith("heard test_it.py::test_refund attempts 2 3")


@alone_or_two
def test_a_wide_fixture_counts_once_for_the_run(
    gated: GatedSuite, workers: tuple[str, ...]
) -> None:
    """However many workers set it up, and for however many modules."""
    tests = """
        import pytest
        from app import ask

        @pytest.fixture(scope="module")
        def warm(module_mock_llm):
            module_mock_llm.reply("warm")
            ask("Are you there?")

        @pytest.mark.parametrize("number", range(4))
        def test_warm(warm, mock_llm, number):
            mock_llm.reply("x")
            ask("What?")
    """
    gated.suite.pytester.makepyfile(test_it=tests, test_more=tests)
    gated.start()

    result = gated.gate(*workers)
    selected = gated.gate("test_more.py")
    gated.change("app.py", "in one sentence", "in one long sentence")
    red = gated.gate()

    assert (result.ret, selected.ret, red.ret) == (0, 0, 1)
    assert "fixture:warm" in section(red)
    assert (gated.baseline / "fixtures.tsv").is_file()


def test_the_baseline_is_no_doctest(gated: GatedSuite) -> None:
    """Text files that are named like tests are collected; ours are not."""
    gated.start()
    damaged = gated.baseline / "test_it.py.tsv"
    damaged.write_bytes(b"\xff" + damaged.read_bytes())

    result = gated.suite.run(telemetry=False)

    assert result.ret == 0
