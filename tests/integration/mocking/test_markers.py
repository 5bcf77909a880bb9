"""What markers and options name: scenarios and profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.suite import Suite

GOLDEN = '{"op": "one"}\n{"op": "two"}\n'


def golden(suite: Suite, folder: str = "golden", name: str = "house.jsonl") -> None:
    """Write a scenario."""
    path = suite.path / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(GOLDEN)


def test_a_marker_names_a_scenario(suite: Suite) -> None:
    """The test's before the class's; without any fixture; also directly."""
    golden(suite)
    suite.write("""
        import pytest
        from asking import by_openai_stream

        @pytest.mark.llm_scenario("page_edit")
        class TestIt:
            def test_of_the_class(self):
                assert len(list(by_openai_stream())) == 8

            @pytest.mark.llm_scenario("house")
            def test_of_the_test(self, mock_llm):
                lines = ['{"op": "one"}\\n', '{"op": "two"}\\n']
                assert list(by_openai_stream()) == lines
                assert list(mock_llm.stream_sync("house")) == lines
                assert "house" in mock_llm.list_scenarios()
    """)

    suite.run(telemetry=False).assert_outcomes(passed=2)


def test_the_golden_folder_is_a_setting(suite: Suite) -> None:
    """Below rootdir."""
    golden(suite, folder="tests/scripts")
    suite.pytester.makeini("[pytest]\nllm_golden_dir = tests/scripts\n")
    suite.write("""
        from asking import by_openai as ask

        def test_it():
            assert ask() == '{"op": "one"}\\n{"op": "two"}\\n'
    """)

    suite.run("--llm-mock=house", telemetry=False).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("test", "words"),
    [
        (
            "@pytest.mark.llm_scenario('page_edti')\ndef test_it(): pass",
            "unknown scenario 'page_edti'. Did you mean 'page_edit'?",
        ),
        (
            "@pytest.mark.llm_profile('slwo')\ndef test_it(mock_llm): pass",
            "unknown delay profile 'slwo'. Did you mean 'slow'?",
        ),
        (
            "@pytest.mark.llm_profile('recorded')\ndef test_it(mock_llm): pass",
            "the delay profile 'recorded' finds no cassette",
        ),
        (
            "@pytest.mark.llm_scenario()\ndef test_it(): pass",
            "llm_scenario takes one name",
        ),
        (
            "@pytest.mark.llm_scenario('page_edit', 'page_creation')\ndef test_it(): pass",
            "llm_scenario takes one name",
        ),
        (
            "@pytest.mark.llm_scenario(scenario='page_edit')\ndef test_it(): pass",
            "llm_scenario takes one name, like llm_scenario('…'), without the keyword 'scenario'.",
        ),
        (
            "@pytest.mark.llm_profile(7)\ndef test_it(mock_llm): pass",
            "llm_profile takes one name",
        ),
        (
            "@pytest.mark.llm_scenario('page_edit')\n@pytest.mark.llm_scenario('page_creation')\n"
            "def test_it(): pass",
            "llm_scenario stands there twice",
        ),
        (
            "@pytest.mark.llm_scenario('../secret')\ndef test_it(): pass",
            "unknown scenario '../secret'",
        ),
        (
            "@pytest.mark.llm_scenario('broken')\ndef test_it(): pass",
            "broken.yaml:2",
        ),
    ],
)
def test_a_wrong_marker_is_a_usage_error(suite: Suite, test: str, words: str) -> None:
    """Before any test runs: it names the test, and what comes nearest."""
    (suite.path / "golden").mkdir()
    (suite.path / "golden/broken.yaml").write_text("turns:\n  one: {replie: x}\n")
    suite.pytester.makepyfile(test_it=f"import pytest\n{test}\ndef test_other(): pass")

    result = suite.run(telemetry=False)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    text = result.stderr.str() + result.stdout.str()
    assert words in text
    assert "test_it.py::test_it" in text
    assert "passed" not in text


def test_a_wrong_marker_is_a_usage_error_under_xdist(suite: Suite) -> None:
    """The controller says it, once."""
    suite.write("""
        import pytest

        @pytest.mark.llm_scenario("page_edti")
        def test_it(): pass
    """)

    result = suite.run("-n1", telemetry=False)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "Did you mean 'page_edit'?" in result.stderr.str()


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--llm-mock=page_edti", "Did you mean 'page_edit'?"),
        ("--llm-profile=slwo", "Did you mean 'slow'? Known: instant, realistic_l2"),
        ("--llm-profile=recorded", "the delay profile 'recorded' finds no cassette"),
        ("--llm-clock=virtua", "Did you mean 'virtual'?"),
        ("--llm-seed=many", "--llm-seed: 'many' is no whole number"),
    ],
)
def test_a_wrong_option_is_a_usage_error(suite: Suite, option: str, words: str) -> None:
    """At the start, naming what exists."""
    suite.write("def test_it(): pass")

    result = suite.run(option, telemetry=False)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert words in result.stderr.str()


def test_bases_of_a_class_may_have_a_marker_too(suite: Suite) -> None:
    """It is no contradiction."""
    suite.write("""
        import pytest
        from asking import by_openai_stream

        @pytest.mark.llm_scenario("page_creation")
        class Base:
            def test_it(self):
                assert len(list(by_openai_stream())) == 8

        @pytest.mark.llm_scenario("page_edit")
        class TestIt(Base):
            pass
    """)

    suite.run(telemetry=False).assert_outcomes(passed=1)


def test_a_mock_of_the_suites_own_beside_our_marker(suite: Suite) -> None:
    """A notice says that it hides ours; the marker works all the same."""
    suite.write("""
        import pytest
        from asking import by_openai as ask

        @pytest.fixture
        def mock_llm():
            return "theirs"

        @pytest.mark.llm_scenario("page_edit")
        def test_marked(mock_llm):
            assert mock_llm == "theirs"
            assert "op" in ask()

        def test_theirs(mock_llm, llm_mock):
            llm_mock.reply("ours")
            assert (mock_llm, ask()) == ("theirs", "ours")
    """)

    result = suite.run(telemetry=False)

    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*mock_llm of test_it.py::test_marked is the suite's own*"])


def test_a_mock_of_the_suites_own_needs_no_session(suite: Suite) -> None:
    """Without anything of ours, nothing of ours is loaded."""
    suite.write("""
        import sys
        import pytest

        @pytest.fixture
        def mock_llm():
            return "theirs"

        def test_it(mock_llm, pytestconfig):
            assert not pytestconfig.pluginmanager.has_plugin("understudy-session")
    """)

    suite.run(telemetry=False).assert_outcomes(passed=1)


def test_a_fixture_that_builds_on_ours_is_ours(suite: Suite) -> None:
    """The usual way to prepare a mock for a whole suite."""
    suite.write("""
        import pytest
        from asking import by_openai as ask

        @pytest.fixture
        def mock_llm(mock_llm):
            return mock_llm.reply("prepared")

        @pytest.fixture(autouse=True)
        def client():
            import openai

            return openai.OpenAI()

        def test_it(client, mock_llm):
            assert ask() == "prepared"
    """)

    suite.run(telemetry=False).assert_outcomes(passed=1)


def test_the_same_seed_gives_the_same_run(suite: Suite) -> None:
    """In whatever process; another seed gives another one."""
    suite.pytester.makepyprojecttoml("""
        [tool.understudy.profiles.house]
        think_ms = {distribution = "log_normal", median = 420, p95 = 1100}
        per_line_ms = 5
    """)
    suite.write("""
        import pytest
        from asking import by_requests as ask

        @pytest.mark.parametrize("number", range(4))
        def test_it(mock_llm, number):
            mock_llm.reply("x")
            ask()
            ask()
    """)

    def times(seed: int, *workers: str) -> list[tuple[str | None, float | None]]:
        options = ("--llm-clock=virtual", "--llm-profile=house", f"--llm-seed={seed}")
        suite.run(*workers, *options).assert_outcomes(passed=4)
        return sorted((call.phase_id, call.duration_ms) for call in suite.stored().calls)

    first = times(7)
    assert times(7, "-n1") == first
    assert times(8) != first
    assert len({duration for _, duration in first}) == 8


def test_the_header_tells_profile_clock_and_seed(suite: Suite) -> None:
    """At `-v`, and which place said so."""
    suite.write("def test_it(mock_llm): pass")

    options = ("--llm-clock=virtual", "--llm-profile=slow", "--llm-seed=7", "-v")
    result = suite.run(*options, telemetry=False)

    result.stdout.fnmatch_lines(
        ["  profile=slow (command line)", "  clock=virtual (*)", "  seed=7 (command line)"]
    )
