"""Runs that end early, tests that run again, and what became of each test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from tests.support.suite import STORE, lines_of

if TYPE_CHECKING:
    from tests.support.suite import Suite

THREE = """
    from ask import ask

    def test_first():
        ask()

    def test_second():
        ask()
        assert False

    def test_third():
        ask()
"""


def test_what_became_of_each_test_is_stored(suite: Suite, workers: tuple[str, ...]) -> None:
    """The worst of its stages, and how long they took together."""
    suite.write("""
        import pytest

        @pytest.fixture
        def broken_at_the_end():
            yield
            raise ValueError

        @pytest.fixture
        def broken():
            raise ValueError

        def test_passed(): pass
        def test_failed(): assert False
        def test_error_after_pass(broken_at_the_end): pass
        def test_error_before(broken): pass
        def test_error_after_failure(broken_at_the_end): assert False
        def test_skipped(): pytest.skip()

        @pytest.mark.xfail
        def test_xfailed(): assert False

        @pytest.mark.xfail
        def test_xpassed(): pass

        @pytest.mark.xfail(strict=True)
        def test_strict(): pass
    """)

    suite.run(*workers)

    stored = suite.stored()
    assert stored.outcomes == {
        ("test_passed", 0): "passed",
        ("test_failed", 0): "failed",
        ("test_error_after_pass", 0): "error",
        ("test_error_before", 0): "error",
        ("test_error_after_failure", 0): "error",
        ("test_skipped", 0): "skipped",
        ("test_xfailed", 0): "xfailed",
        ("test_xpassed", 0): "xpassed",
        ("test_strict", 0): "failed",
    }
    for phase in stored.phases:
        assert phase.module == "test_it.py"
        assert phase.started is not None
        assert stored.run.finished is not None
        assert stored.run.started <= phase.started <= stored.run.finished
        assert phase.duration_ms is not None


@pytest.mark.skipif(pytest.version_tuple < (9,), reason="pytest 9 brought subtests")
def test_a_test_with_subtests_is_one_test(suite: Suite) -> None:
    """Its own report counts, after those of its subtests."""
    suite.write("""
        import pytest
        from ask import ask

        def test_good(subtests):
            for number in range(2):
                with subtests.test(number=number):
                    ask()

        def test_bad(subtests):
            with subtests.test("good"):
                ask()
            with subtests.test("bad"):
                assert False

        def test_skipping(subtests):
            with subtests.test("skipped"):
                pytest.skip()
    """)

    suite.run("-p", "subtests")

    stored = suite.stored()
    assert stored.count == {"test_good": 2, "test_bad": 1}
    assert stored.outcomes == {
        ("test_good", 0): "passed",
        ("test_bad", 0): "failed",
        ("test_skipping", 0): "passed",
    }


def test_reruns_are_numbered(suite: Suite, workers: tuple[str, ...]) -> None:
    """Each has its own calls and its own outcome; a wide fixture is set up once."""
    suite.write("""
        import pytest
        from ask import ask

        times = 0

        @pytest.fixture(scope="module")
        def wide():
            yield ask()
            ask()

        def test_flaky(wide):
            global times
            times += 1
            for _ in range(times):
                ask()
            assert times == 3
    """)

    suite.run("-p", "rerunfailures", "--reruns=2", *workers)

    stored = suite.stored()
    assert [call.rerun for call in stored.calls if call.stage == "call"] == [0, 1, 1, 2, 2, 2]
    assert stored.count["fixture:wide"] == 2
    assert stored.outcomes == {
        ("test_flaky", 0): "failed",
        ("test_flaky", 1): "failed",
        ("test_flaky", 2): "passed",
        ("fixture:wide", 0): None,
    }


def test_a_group_of_xdist_is_no_part_of_a_tests_name(suite: Suite) -> None:
    """It is the same test as without workers, whose own name may hold an @."""
    suite.write("""
        import pytest
        from ask import ask

        @pytest.mark.xdist_group("g")
        @pytest.mark.parametrize("address", ["me@home"])
        def test_it(address):
            ask()
    """)

    suite.run("-n2", "--dist=loadgroup").assert_outcomes(passed=1)

    stored = suite.stored()
    assert stored.count == {"test_it[me@home]": 1}
    assert stored.outcomes == {("test_it[me@home]", 0): "passed"}


def test_each_worker_of_dist_each_has_its_own_tests(suite: Suite) -> None:
    """The same test on two workers is two phases."""
    suite.write("""
        from ask import ask

        def test_it():
            ask()
    """)

    suite.run("--dist=each", "--tx=2*popen").assert_outcomes(passed=2)

    stored = suite.stored()
    assert sorted(call.worker for call in stored.calls) == ["gw0", "gw1"]
    assert sorted((phase.worker, phase.outcome) for phase in stored.phases) == [
        ("gw0", "passed"),
        ("gw1", "passed"),
    ]
    assert stored.run.worker_count == 2


@pytest.mark.parametrize(
    ("options", "called"),
    [
        (("-x",), {"test_first": 1, "test_second": 1}),
        (("--maxfail=1",), {"test_first": 1, "test_second": 1}),
        (("-k", "third"), {"test_third": 1}),
        (("--deselect", "test_it.py::test_first"), {"test_second": 1, "test_third": 1}),
        (("--collect-only",), {}),
    ],
)
def test_a_part_of_the_suite(
    suite: Suite, options: tuple[str, ...], called: dict[str, int]
) -> None:
    """What ran is stored, as far as it ran."""
    suite.write(THREE)

    result = suite.run(*options)

    stored = suite.stored()
    assert stored.count == called
    assert stored.run.exit_status == result.ret
    assert {name for name, _ in stored.outcomes} == set(called)


@pytest.mark.parametrize(
    ("end", "status"),
    [("pytest.exit('enough')", 2), ("pytest.exit('enough', 7)", 7), ("raise KeyboardInterrupt", 2)],
)
def test_an_interrupted_run_is_stored(suite: Suite, end: str, status: int) -> None:
    """Fixtures are torn down late then; their calls are in the store all the same."""
    suite.write(f"""
        import pytest
        from ask import ask, stream

        @pytest.fixture(scope="module")
        def wide():
            yield
            ask()

        @pytest.fixture
        def narrow():
            yield
            ask()

        def test_first():
            ask()

        def test_second(wide, narrow):
            opened = stream("gpt-4o-mini.hang-2")
            {end}

        def test_third():
            ask()
    """)

    result = suite.run()

    stored = suite.stored()
    assert result.ret == stored.run.exit_status == status
    assert stored.owners == [
        ("test_first", "call"),
        ("test_second", "teardown"),
        ("fixture:wide", "teardown"),
        ("test_second", "call"),
    ]
    assert stored.outcomes["test_first", 0] == "passed"
    assert stored.outcomes["test_second", 0] is None
    assert bool(lines_of(result)) is (status == 2)  # pytest's own rule


@pytest.mark.usefixtures("keyboard")
@pytest.mark.parametrize("options", [(), ("-n2",)], ids=["alone", "n2"])
def test_ctrl_c_ends_a_run_in_order(suite: Suite, options: tuple[str, ...]) -> None:
    """Wide fixtures are torn down, workers hand over, everything is merged and summed up."""
    suite.write("""
        import time
        from pathlib import Path

        import pytest
        from ask import ask

        @pytest.fixture(scope="session")
        def wide():
            yield
            ask()

        @pytest.mark.parametrize("name", "ab")
        def test_it(wide, name):
            ask()
            Path(name).touch()
            time.sleep(60)
    """)
    workers = len(options) + 1

    run = subprocess.Popen(
        [sys.executable, "-m", "pytest", *suite.arguments(*options)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not all((suite.path / name).exists() for name in "ab"[:workers]):
        time.sleep(0.01)
    os.killpg(run.pid, signal.SIGINT)
    printed, _ = run.communicate(timeout=60)

    assert run.returncode == 2
    assert f"calls   {2 * workers}" in printed
    assert suite.stored().count["fixture:wide"] == workers
    assert list(suite.path.rglob("*.jsonl")) == []


def test_a_crashed_worker_loses_no_finished_call(suite: Suite) -> None:
    """What it had written is merged with the rest, and the test it died in has no outcome."""
    suite.write("""
        import os

        import pytest
        from ask import ask

        @pytest.mark.parametrize("number", range(4))
        def test_call(number):
            ask()

        def test_crash():
            ask()
            os._exit(1)
    """)

    result = suite.run("-n2")

    result.assert_outcomes(passed=4, failed=1)
    stored = suite.stored()
    assert stored.count == {**{f"test_call[{n}]": 1 for n in range(4)}, "test_crash": 1}
    assert stored.outcomes["test_crash", 0] is None


def test_two_runs_side_by_side_keep_apart(suite: Suite) -> None:
    """In one folder, at the same time, both write the one store."""
    suite.write("""
        import time
        from pathlib import Path

        from ask import ask

        def test_it(request):
            me, other = request.config.getoption("-k").split(" or ")[1:]
            ask()
            Path(me).touch()
            while not Path(other).exists():
                time.sleep(0.01)
            ask()
    """)

    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "pytest", *suite.arguments("-k", f"test_it or {names}")],
            stdout=subprocess.DEVNULL,
        )
        for names in ("me or other", "other or me")
    ]

    assert [run.wait(timeout=60) for run in runs] == [0, 0]
    stored = list(suite.all_stored())
    assert [each.count for each in stored] == [{"test_it": 2}] * 2
    assert all(each.run.finished for each in stored)


def test_a_run_may_have_an_id_of_the_users_own(suite: Suite) -> None:
    """One that the store does not hold; workers have it, too."""
    suite.write("""
        from ask import ask

        def test_it():
            ask()
    """)

    suite.run("--llm-run-id=nightly-7.1", "-n1").assert_outcomes(passed=1)
    again = suite.run("--llm-run-id=nightly-7.1")
    wrong = suite.run("--llm-run-id=../x")
    killed = f"{STORE}.journal/killed/main.jsonl"
    (suite.path / killed).parent.mkdir(parents=True)
    (suite.path / killed).touch()
    unmerged = suite.run("--llm-run-id=killed")

    assert suite.stored().run.run_id == "nightly-7.1"
    again.stderr.fnmatch_lines(
        "ERROR: --llm-run-id=nightly-7.1: the store *holds a run of that id*"
    )
    wrong.stderr.fnmatch_lines("ERROR: --llm-run-id=../x: write 1 to 64 letters, digits*")
    unmerged.stderr.fnmatch_lines("ERROR: --llm-run-id=killed: a run of that id*was killed*")
    assert {again.ret, wrong.ret} == {pytest.ExitCode.USAGE_ERROR}
