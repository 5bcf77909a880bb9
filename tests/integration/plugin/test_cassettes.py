"""Cassettes of tests: recorded once, replayed from then on."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from tests.support.suite import lines_of

if TYPE_CHECKING:
    from tests.provider import Provider
    from tests.support.suite import Suite

ASKS = """
import pytest
from ask import ask, aask

@pytest.mark.llm_cassette
def test_call():
    assert ask()["choices"]

@pytest.mark.llm_cassette
async def test_async():
    assert (await aask())["choices"]
"""
SWALLOWS = """
import pytest
from ask import ask

@pytest.mark.llm_cassette(name="one")
def test_call():
    try:
        ask()
    except BaseException:
        pass
"""
ASYNC = ("-p", "pytest_asyncio.plugin", "-oasyncio_mode=auto")


@pytest.fixture(autouse=True)
def _not_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is recorded where CI is set, but these tests record."""
    monkeypatch.delenv("CI", raising=False)


def record(suite: Suite, *options: str) -> None:
    """Record what the suite calls, and forget that it was called."""
    result = suite.run("--llm-record-mode=once", *options)
    assert result.ret == 0, result.stdout.str()


def test_what_was_recorded_is_replayed(
    suite: Suite, provider: Provider, workers: tuple[str, ...]
) -> None:
    """The second run reaches nobody, and the events say so."""
    suite.write(ASKS)
    record(suite, *ASYNC, *workers)

    result = suite.run(*ASYNC, *workers)

    result.assert_outcomes(passed=2)
    assert len(provider.received) == 2
    stored = suite.stored()
    assert {(call.origin, call.cassette_verdict) for call in stored.calls} == {("replayed", "hit")}
    assert {call.cassette for call in stored.calls} == {
        "cassettes/test_it/test_call.yaml",
        "cassettes/test_it/test_async.yaml",
    }
    assert "cassettes  2 hit" in lines_of(result)


def test_the_recording_run_says_what_it_recorded(suite: Suite) -> None:
    """In the summary, and in each event."""
    suite.write(ASKS)

    result = suite.run("--llm-record-mode=once", *ASYNC)

    assert "cassettes  2 recorded" in lines_of(result)
    assert {call.origin for call in suite.stored().calls} == {"recorded"}


def test_without_a_cassette_a_call_fails_its_test(suite: Suite, provider: Provider) -> None:
    """Nothing is recorded by default, and nothing goes live."""
    suite.write(SWALLOWS)

    result = suite.run(telemetry=False)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines("*Record one with --llm-record-mode=once.*")
    assert provider.received == []


def test_a_swallowed_miss_fails_the_test_once_with_what_differs(suite: Suite) -> None:
    """Whatever the application caught."""
    suite.write(SWALLOWS)
    record(suite)
    suite.write(SWALLOWS.replace("ask()", "ask('gpt-5')"))

    result = suite.run()

    result.assert_outcomes(failed=1)
    text = result.stdout.str()
    assert text.count("What differs:") == 1
    assert 'recorded: "gpt-4o-mini"' in text
    assert 'now:      "gpt-5"' in text


@pytest.mark.parametrize(
    ("options", "marker", "variables", "recorded"),
    [
        ((), "record='once'", {}, True),
        ((), "record='once'", {"CI": "true"}, False),
        (("-ollm_record_mode=once",), "", {}, True),
        (("-ollm_record_mode=once",), "", {"CI": "true"}, False),
        (("-ollm_record_mode=once",), "record='none'", {}, False),
        (("--llm-record-mode=once",), "record='none'", {"CI": "true"}, True),
        (("--llm-record-mode=none",), "record='all'", {}, False),
        ((), "", {"UNDERSTUDY_RECORD_MODE": "all", "CI": "1"}, True),
    ],
)
def test_the_strongest_place_decides_whether_to_record(
    suite: Suite,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    marker: str,
    variables: dict[str, str],
    *,
    recorded: bool,
) -> None:
    """Option, environment, marker, setting; in CI only the first two record."""
    suite.write(SWALLOWS.replace('name="one"', marker))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    suite.run(*options)

    assert (suite.path / "cassettes/test_it/test_call.yaml").exists() is recorded


def test_the_fixture_alone_is_enough(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    """It tells what was played."""
    suite.write("""
        import os
        from ask import ask

        def test_call(llm_cassette):
            ask()
            assert llm_cassette.path.name == "test_call.yaml"
            told = f"{len(llm_cassette.played)} played, {len(llm_cassette.recorded)} recorded"
            assert told == os.environ["TOLD"]
    """)
    monkeypatch.setenv("TOLD", "0 played, 1 recorded")
    record(suite)
    monkeypatch.setenv("TOLD", "1 played, 0 recorded")

    suite.run().assert_outcomes(passed=1)


def test_a_cassette_can_be_asked_for_in_the_middle_of_a_test(suite: Suite) -> None:
    """It takes the calls from then on."""
    suite.write("""
        from ask import ask

        def test_call(request):
            cassette = request.getfixturevalue("llm_cassette")
            ask()
            assert len(cassette.recorded) == 1
    """)

    record(suite)

    assert (suite.path / "cassettes/test_it/test_call.yaml").exists()


def test_the_default_name_holds_class_and_parameters(suite: Suite) -> None:
    """Without the characters that some file system does not take."""
    suite.write("""
        import pytest
        from ask import ask

        @pytest.mark.llm_cassette
        class TestIt:
            @pytest.mark.parametrize("path", ["a/b", "x" * 300])
            def test_call(self, path):
                ask()
    """)

    record(suite)

    names = sorted(file.name for file in (suite.path / "cassettes/test_it").iterdir())
    assert names[0] == "TestIt.test_call[a-b].yaml"
    assert len(names[1]) < 255


def test_a_test_case_of_unittest_has_a_cassette(suite: Suite) -> None:
    """By the marker."""
    suite.write("""
        import unittest
        import pytest
        from ask import ask

        @pytest.mark.llm_cassette
        class TestIt(unittest.TestCase):
            def setUp(self):
                ask()

            def test_call(self):
                ask("gpt-5")
    """)
    record(suite)

    result = suite.run()

    result.assert_outcomes(passed=1)
    assert [call.origin for call in suite.stored().calls] == ["replayed"] * 2


def test_calls_of_wider_fixtures_are_not_in_a_tests_cassette(
    suite: Suite, provider: Provider
) -> None:
    """They would miss in every other test; `use_cassette` gives them one of their own."""
    suite.write("""
        import pytest
        from ask import ask
        from understudy import use_cassette

        @pytest.fixture(scope="module")
        def wide(request):
            with use_cassette(request.path.parent / "cassettes/wide.yaml"):
                ask("gpt-5")

        @pytest.mark.llm_cassette
        def test_call(wide):
            ask()
    """)
    record(suite)

    result = suite.run()

    result.assert_outcomes(passed=1)
    assert len(provider.received) == 2
    assert {call.cassette for call in suite.stored().calls} == {
        "cassettes/test_it/test_call.yaml",
        "cassettes/wide.yaml",
    }


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ("llm_cassette(nam='x')", "*unknown argument 'nam'*Did you mean 'name'*"),
        ("llm_cassette(record='onse')", "*unknown record mode 'onse'*Did you mean 'once'*"),
        ("llm_cassette('../x')", "*is no name in the folder 'cassettes'*"),
        ("llm_cassette('/tmp/x')", "*is no name in the folder 'cassettes'*"),
        ("llm_cassette('a\\\\0b')", "*is no name in the folder 'cassettes'*"),
        ("llm_cassette(3)", "*takes one name, as text*"),
        ("llm_cassette('a', 'b')", "*takes one name, as text*"),
    ],
)
def test_a_wrong_marker_is_a_usage_error(suite: Suite, marker: str, message: str) -> None:
    """No test runs."""
    suite.write(f"""
        import pytest

        @pytest.mark.{marker}
        def test_call():
            pass
    """)

    result = suite.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (result.stdout if not any(result.errlines) else result.stderr).fnmatch_lines(message)


def test_a_scenario_and_a_cassette_contradict_each_other(suite: Suite) -> None:
    """Both would answer."""
    suite.write("""
        import pytest

        @pytest.mark.llm_scenario("translation")
        @pytest.mark.llm_cassette
        def test_call():
            pass
    """)

    result = suite.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines("*llm_scenario and llm_cassette*Drop one.*")


def test_a_damaged_file_fails_the_test_and_is_left_alone(suite: Suite, provider: Provider) -> None:
    """Also where it may be recorded: nothing goes live."""
    suite.write(SWALLOWS)
    file = suite.path / "cassettes/one.yaml"
    file.parent.mkdir()
    file.write_text("interactions:\n<<<<<<< HEAD\n- request\n")

    result = suite.run("--llm-record-mode=all")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines("*one.yaml, line 2: a merge conflict is not resolved*")
    assert file.read_text().startswith("interactions:\n<<<<<<< HEAD")
    assert provider.received == []


@pytest.mark.parametrize(("follows", "outcome"), [("warn", "passed"), ("fail", "errors")])
def test_what_is_too_old_warns_or_fails(suite: Suite, follows: str, outcome: str) -> None:
    """As the table says."""
    suite.write(SWALLOWS)
    record(suite)
    file = suite.path / "cassettes/one.yaml"
    told = file.read_text()
    year = told.partition("llm_recorded_at: '")[2][:4]
    file.write_text(told.replace(f"llm_recorded_at: '{year}", "llm_recorded_at: '2001"))
    table = f'[tool.understudy.cassettes]\nmax_age = "30d"\non_expiry = "{follows}"\n'
    (suite.path / "pyproject.toml").write_text(table)

    known = "-Wignore:Module already imported:pytest.PytestAssertRewriteWarning"
    result = suite.run("-Walways::pytest.PytestWarning", known)

    result.assert_outcomes(**{outcome: 1}, warnings=1 if follows == "warn" else 0)
    result.stdout.fnmatch_lines("*1 of 1 interactions are older than 30 days*")


def test_a_wrong_table_is_a_usage_error(suite: Suite) -> None:
    """It names file, key and the nearest one."""
    suite.write(SWALLOWS)
    table = "[tool.understudy.cassettes]\nmatch_onn = []\n"
    (suite.path / "pyproject.toml").write_text(table)

    result = suite.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines("*match_onn*pyproject.toml*Did you mean 'match_on'*")


def test_recorded_timing_is_replayed_on_the_virtual_clock(suite: Suite) -> None:
    """At the speed that was asked for, and at no cost."""
    suite.write("""
        import time
        import pytest
        from ask import stream

        @pytest.mark.llm_cassette
        def test_call():
            began = time.monotonic()
            list(stream("ttfc=0.3,gap=0.02").stream())
            print("took", time.monotonic() - began)
    """)
    record(suite)
    file = suite.path / "cassettes/test_it/test_call.yaml"
    slow = file.read_text()
    assert "llm_timing" in slow

    suite.run("--llm-clock=virtual", "--llm-replay-speed=1").assert_outcomes(passed=1)

    (call,) = suite.stored().calls
    assert call.clock == "virtual"
    assert call.duration_ms is not None
    assert call.recorded_duration_ms is not None
    # Between the last piece and its end the machine that recorded may have been busy.
    assert call.duration_ms - 1 <= call.recorded_duration_ms < call.duration_ms + 100


def test_keys_are_there_while_a_cassette_plays(suite: Suite) -> None:
    """SDKs refuse to start without one; recording takes the real one."""
    suite.write("""
        import os
        import pytest
        from ask import ask

        @pytest.mark.llm_cassette
        def test_call():
            ask()
            print("key:", os.environ.get("XAI_API_KEY"))
    """)
    recording = suite.run("--llm-record-mode=once", "-s")

    replaying = suite.run("-s")

    recording.stdout.fnmatch_lines("*key: None*")
    replaying.stdout.fnmatch_lines("*key: understudy-dummy*")


def test_a_run_leaves_a_record_of_what_was_played(suite: Suite, workers: tuple[str, ...]) -> None:
    """For `understudy cassettes orphans`."""
    suite.write(ASKS)
    record(suite, *ASYNC)

    suite.run(*ASYNC, *workers, telemetry=False)

    played = json.loads((suite.path / ".understudy/cassettes-played.json").read_text())
    assert played["folders"] == ["."]
    assert played["cassettes"]["cassettes/test_it/test_call.yaml"] == {
        "tests": {"test_it.py::test_call": True},
        "played": [0],
        "written": False,
    }


def test_a_folder_that_cannot_be_written_fails_no_test_that_is_replayed(suite: Suite) -> None:
    """One line says what `understudy cassettes orphans` will not know."""
    suite.write(SWALLOWS)
    record(suite)
    shutil.rmtree(suite.path / ".understudy")
    (suite.path / ".understudy").touch()

    result = suite.run(telemetry=False)

    assert result.ret == 0
    result.stdout.fnmatch_lines("understudy: what was played could not be noted (*")


def test_the_verdict_is_in_the_junit_file(suite: Suite) -> None:
    """Beside the figures."""
    suite.write(ASKS)
    record(suite, *ASYNC)

    suite.run(*ASYNC, "--junitxml=out.xml")

    assert (
        '<property name="llm.cassette_verdict" value="hit"' in (suite.path / "out.xml").read_text()
    )


def test_the_verdict_of_each_test_is_in_the_summary_and_the_store(
    suite: Suite, workers: tuple[str, ...]
) -> None:
    """Those that reached the network though they have a cassette are named at once."""
    suite.write("""
        import pytest
        from ask import ask
        from understudy import use_cassette

        @pytest.mark.vcr(ignore_localhost=True)
        def test_live():
            ask()

        @pytest.mark.llm_cassette
        def test_miss():
            ask()

        @pytest.mark.llm_cassette
        def test_silent():
            pass

        def test_code(request):
            with use_cassette(request.path.parent / "cassettes/code.yaml", record_mode="once"):
                ask()
    """)

    result = suite.run("-ollm_vcr_marker=true", "-omarkers=vcr", "--llm-allow-live", *workers)

    lines = lines_of(result)
    assert "cassettes  1 recorded, 1 live, 1 miss" in lines
    assert [line for line in lines if "::" in line][-1] == "  live      test_it.py::test_live"
    assert {phase.phase_id: phase.cassette_verdict for phase in suite.stored().phases} == {
        "test_it.py::test_live": "live",
        "test_it.py::test_miss": "miss",
        "test_it.py::test_silent": None,
        "test_it.py::test_code": "recorded",
    }


def test_a_rerun_begins_anew(suite: Suite) -> None:
    """What the first attempt did with the cassette does not count."""
    suite.write("""
        import pytest
        from ask import ask

        attempts = []

        @pytest.mark.llm_cassette
        def test_call():
            ask()
            attempts.append(1)
            assert len(attempts) > 1
    """)

    result = suite.run("--llm-record-mode=once", "-p", "pytest_rerunfailures", "--reruns=1")

    assert "cassettes  1 hit" in lines_of(result)
    assert [phase.cassette_verdict for phase in suite.stored().phases] == ["recorded", "hit"]


def test_a_rerun_goes_on_recording_what_the_first_attempt_began(suite: Suite) -> None:
    """The file is new in this run; in the next one it is whole."""
    suite.write("""
        import os
        import pytest
        from ask import ask

        @pytest.mark.llm_cassette
        def test_call():
            ask()
            assert os.path.exists("attempted") or open("attempted", "w").close()
            ask("gpt-5")
    """)

    record(suite, "-p", "pytest_rerunfailures", "--reruns=1")
    result = suite.run()

    result.assert_outcomes(passed=1)
    assert "cassettes  1 hit" in lines_of(result)


SHARING = """
import pytest
from ask import ask

@pytest.mark.llm_cassette
@pytest.mark.parametrize("path", ["a/b", "a-b"])
def test_names(path):
    ask()

@pytest.mark.llm_cassette(name="shared")
def test_one():
    ask()

@pytest.mark.llm_cassette(name="shared")
def test_other():
    ask()
"""


def test_tests_that_share_a_cassette_are_told_so_when_they_are_collected(suite: Suite) -> None:
    """By name; one that they mean to share only where it is to be recorded once."""
    suite.write(SHARING)
    told = "test_it.py::test_names[[]a/b] and of test_it.py::test_names[[]a-b]. Their names*"

    def collect(*options: str, warning: str = "default") -> pytest.RunResult:
        options = ("--collect-only", f"-W{warning}::pytest.PytestWarning", *options)
        return suite.run(*options, telemetry=False)

    collected = collect()
    alone = collect("-k", "a-b or one or other")
    recording = collect("--llm-record-mode=once")
    refused = collect(warning="error")

    collected.stdout.fnmatch_lines(f"*cassettes/test_it/test_names[[]a-b].yaml: is the*{told}")
    assert "is the cassette of" not in alone.stdout.str()
    assert "shared.yaml" not in collected.stdout.str()
    recording.stdout.fnmatch_lines("*shared.yaml: is the cassette of*Under 'once' only the first*")
    assert refused.ret == pytest.ExitCode.USAGE_ERROR
    refused.stderr.fnmatch_lines("ERROR: cassettes/test_it/test_names*")


def test_where_ci_passes_over_what_was_asked_for_the_miss_says_so(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a marker and of a setting, and of nothing where nothing was asked for."""
    monkeypatch.setenv("CI", "true")
    suite.write(SWALLOWS)
    plain = suite.run(telemetry=False)
    setting = suite.run("-ollm_record_mode=all", telemetry=False)
    suite.write(SWALLOWS.replace('name="one"', "record='once'"))
    marked = suite.run(telemetry=False)

    line = (
        "*The environment variable CI is set, so that record mode '{}' of the {} was passed over*"
    )
    marked.stdout.fnmatch_lines(line.format("once", "marker"))
    setting.stdout.fnmatch_lines(line.format("all", "setting"))
    assert "variable CI" not in plain.stdout.str()


def test_a_cassette_of_code_is_no_orphan(suite: Suite) -> None:
    """The run opened it, though no marker names it; a part of the tests judges its folder."""
    suite.write("""
        from ask import ask
        from understudy import use_cassette

        def test_call(request):
            with use_cassette(request.path.parent / "cassettes/code.yaml"):
                ask()
    """)
    record(suite)

    suite.run(str(suite.path)).assert_outcomes(passed=1)

    played = json.loads((suite.path / ".understudy/cassettes-played.json").read_text())
    assert played["folders"] == ["."]
    assert played["cassettes"]["cassettes/code.yaml"] == {
        "tests": {"use_cassette": None},
        "played": [0],
        "written": False,
    }


@pytest.mark.parametrize(
    "option", ["-k call", "--deselect=x", "test_it.py", "test_it.py::test_call"]
)
def test_a_part_of_the_tests_judges_no_folder(suite: Suite, option: str) -> None:
    """What the others need is not known."""
    suite.write(SWALLOWS)
    record(suite)

    suite.run(*option.split(), telemetry=False).assert_outcomes(passed=1)

    played = json.loads((suite.path / ".understudy/cassettes-played.json").read_text())
    assert played["folders"] == []


def test_a_test_that_skips_itself_leaves_nothing_unplayed(suite: Suite) -> None:
    """It may not have come to its calls."""
    suite.write(SWALLOWS)
    record(suite)
    suite.write("""
        import pytest

        @pytest.mark.llm_cassette(name="one")
        def test_call():
            pytest.skip()
    """)

    suite.run(telemetry=False).assert_outcomes(skipped=1)

    played = json.loads((suite.path / ".understudy/cassettes-played.json").read_text())
    assert played["cassettes"]["cassettes/one.yaml"]["tests"] == {"test_it.py::test_call": False}


def test_jobs_of_threads_keep_their_time_beside_a_cassette(suite: Suite) -> None:
    """On the virtual clock, which covers thread pools stage by stage."""
    suite.write("""
        import asyncio

        async def test_call(llm_cassette):
            assert await asyncio.to_thread(lambda: 3) == 3
    """)

    suite.run("--llm-clock=virtual", *ASYNC).assert_outcomes(passed=1)


def test_a_redactor_that_fails_is_named_and_nothing_is_sent(
    suite: Suite, provider: Provider
) -> None:
    """The cassette is not called damaged, and what was redacted is not told."""
    suite.write(SWALLOWS)
    record(suite)
    suite.pytester.makepyfile(
        wrong="""
        def redact(text):
            raise ValueError(text)
    """
    )
    table = '[tool.understudy.cassettes.redaction]\nredactors = ["wrong:redact"]\n'
    (suite.path / "pyproject.toml").write_text(table)

    result = suite.run(telemetry=False)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines("the redactor 'wrong:redact' failed (ValueError)*")
    result.stdout.no_fnmatch_line("*is damaged*")
    assert len(provider.received) == 1
