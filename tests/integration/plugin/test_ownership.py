"""Whose a call is: the test's, a wide fixture's, or the run's."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from tests.support.suite import alone_or_two

if TYPE_CHECKING:
    from tests.support.suite import Suite


def test_a_call_belongs_to_the_test_that_makes_it(suite: Suite, workers: tuple[str, ...]) -> None:
    """Each of 20 tests has its own calls, on whatever worker."""
    suite.write("""
        import pytest
        from ask import ask

        @pytest.mark.parametrize("number", range(20))
        def test_call(number):
            for _ in range(number % 3):
                ask()
    """)

    suite.run(*workers).assert_outcomes(passed=20)

    assert suite.stored().count == {f"test_call[{n}]": n % 3 for n in range(20) if n % 3}


def test_function_fixtures_belong_to_the_test(suite: Suite) -> None:
    """Their set-up and teardown is the test's own, and so is what they are told in."""
    suite.write("""
        import pytest
        from ask import ask

        @pytest.fixture
        def answer():
            yield ask()
            ask()

        def test_first(answer):
            ask()

        def test_second(answer):
            pass
    """)

    suite.run().assert_outcomes(passed=2)

    assert suite.stored().owners == [
        ("test_first", "setup"),
        ("test_first", "call"),
        ("test_first", "teardown"),
        ("test_second", "setup"),
        ("test_second", "teardown"),
    ]


@pytest.mark.parametrize(
    ("scope", "options"),
    [
        ("class", ()),
        ("module", ()),
        ("package", ()),
        ("session", ()),
        ("session", ("-n2", "--dist=loadfile")),
    ],
)
def test_wide_fixtures_own_their_calls(suite: Suite, scope: str, options: tuple[str, ...]) -> None:
    """A fixture that outlives its first test owns its set-up and its teardown."""
    suite.write(f"""
        import pytest
        from ask import ask

        @pytest.fixture(scope={scope!r})
        def wide(request):
            request.addfinalizer(ask)
            return ask()

        @pytest.fixture(scope={scope!r})
        def generator(wide):
            yield ask()
            ask()

        class TestIt:
            def test_first(self, generator):
                ask()

            def test_second(self, generator):
                ask()
    """)

    suite.run(*options).assert_outcomes(passed=2)

    assert suite.stored().owners == [
        ("fixture:wide", "setup"),
        ("fixture:generator", "setup"),
        ("TestIt::test_first", "call"),
        ("TestIt::test_second", "call"),
        ("fixture:generator", "teardown"),
        ("fixture:wide", "teardown"),
    ]


def test_a_wide_fixture_that_asks_for_another_owns_only_its_own(suite: Suite) -> None:
    """Around a set-up inside a set-up each call stays with its fixture."""
    suite.write("""
        import pytest
        from ask import ask

        @pytest.fixture(scope="session")
        def inner():
            ask()

        @pytest.fixture(scope="module")
        def outer(request):
            ask()
            request.getfixturevalue("inner")
            ask()

        def test_it(outer):
            ask()
    """)

    suite.run().assert_outcomes(passed=1)

    owners = [name for name, _ in suite.stored().owners]
    assert owners == ["fixture:outer", "fixture:inner", "fixture:outer", "test_it"]


def test_a_parametrised_wide_fixture_is_torn_down_and_set_up_in_the_middle(suite: Suite) -> None:
    """What it calls then is not booked on the tests around."""
    suite.write("""
        import pytest
        from ask import ask

        @pytest.fixture(scope="module", params=["a", "b"])
        def wide(request):
            yield ask()
            ask()

        def test_first(wide):
            ask()

        def test_second(wide):
            ask()
    """)

    suite.run().assert_outcomes(passed=4)

    turns = [
        [
            ("fixture:wide", "setup"),
            (f"test_first[{letter}]", "call"),
            (f"test_second[{letter}]", "call"),
            ("fixture:wide", "teardown"),
        ]
        for letter in "ab"
    ]
    assert suite.stored().owners == [*turns[0], *turns[1]]


def test_xunit_functions_are_fixtures_too(suite: Suite) -> None:
    """Module and class set-up are wide; those of a method belong to the test."""
    suite.write("""
        from ask import ask

        def setup_module():
            ask()

        def teardown_module():
            ask()

        class TestIt:
            @classmethod
            def setup_class(cls):
                ask()

            def setup_method(self):
                ask()

            def test_it(self):
                ask()
    """)

    suite.run().assert_outcomes(passed=1)

    assert suite.stored().owners == [
        ("fixture:setup_module", "setup"),
        ("fixture:setup_class", "setup"),
        ("TestIt::test_it", "setup"),
        ("TestIt::test_it", "call"),
        ("fixture:setup_module", "teardown"),
    ]


def test_unittest_cases(suite: Suite) -> None:
    """Class set-up is a wide fixture; setUp and tearDown run with the test's own code."""
    suite.write("""
        import unittest
        from ask import aask, ask

        class TestSync(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                ask()

            @classmethod
            def tearDownClass(cls):
                ask()

            def setUp(self):
                ask()

            def tearDown(self):
                ask()

            def test_it(self):
                ask()

        class TestAsync(unittest.IsolatedAsyncioTestCase):
            async def asyncSetUp(self):
                await aask()

            async def test_it(self):
                await aask()
    """)

    suite.run().assert_outcomes(passed=2)

    assert Counter(suite.stored().owners) == {
        ("fixture:setUpClass", "setup"): 1,
        ("TestSync::test_it", "call"): 3,
        ("TestAsync::test_it", "call"): 2,
        ("fixture:setUpClass", "teardown"): 1,
    }


@alone_or_two
def test_calls_while_tests_are_collected_belong_to_the_run(
    suite: Suite, workers: tuple[str, ...]
) -> None:
    """They have no phase, and the summary counts them apart."""
    suite.write("""
        from ask import ask

        ask()

        def test_it():
            pass
    """)

    result = suite.run(*workers)

    collectors = 2 if "-n2" in workers else 1
    assert suite.stored().owners == [(None, None)] * collectors
    assert f"{collectors} outside any test" in result.stdout.str()


def test_an_open_stream_is_booked_when_its_test_ends(suite: Suite) -> None:
    """It is cancelled on the test that made it, and read on it by nobody else."""
    suite.write("""
        from ask import stream

        kept = []

        def test_first():
            kept.append(stream("gpt-4o-mini.hang-2"))
            next(kept[0].stream(amt=None))

        def test_second():
            kept.clear()
    """)

    suite.run().assert_outcomes(passed=2)

    (call,) = suite.stored().calls
    assert call.phase_id == "test_it.py::test_first"
    assert call.status == "cancelled"


def test_an_open_stream_of_a_wide_fixture_is_booked_when_that_ends(suite: Suite) -> None:
    """It may be read while tests run, and stays the fixture's."""
    suite.write("""
        import pytest
        from ask import stream

        @pytest.fixture(scope="module")
        def wide():
            return stream()

        def test_first(wide):
            pass

        def test_second(wide):
            assert b"word0" in wide.read()
    """)

    suite.run().assert_outcomes(passed=2)

    (call,) = suite.stored().calls
    assert (call.phase_id, call.status) == ("fixture:wide", "ok")


def test_a_fixture_that_fails_in_its_set_up_owns_its_call(suite: Suite) -> None:
    """The tests that needed it are errors, with no call of their own."""
    suite.write("""
        import pytest
        from ask import ask

        @pytest.fixture(scope="module")
        def broken():
            ask()
            raise ValueError

        def test_first(broken):
            pass

        def test_second(broken):
            pass
    """)

    suite.run().assert_outcomes(errors=2)

    stored = suite.stored()
    assert [call.phase_id for call in stored.calls] == ["fixture:broken"]
    assert stored.outcomes["test_first", 0] == stored.outcomes["test_second", 0] == "error"


def test_an_ignored_test_leaves_nothing(suite: Suite) -> None:
    """`llm_ignore` records none of its calls; of its wide fixtures it does."""
    suite.write("""
        import pytest
        from ask import ask

        @pytest.fixture(scope="module")
        def wide():
            ask()

        @pytest.mark.llm_ignore
        def test_ignored(wide):
            ask()

        def test_seen():
            ask()
    """)

    suite.run().assert_outcomes(passed=2)

    assert suite.stored().count == {"fixture:wide": 1, "test_seen": 1}


def test_retries_are_attempts_of_one_call(suite: Suite) -> None:
    """The real SDK retries twice: three events, one call."""
    suite.write("""
        import os
        import openai

        def test_it():
            url = os.environ["FAKE_PROVIDER"] + "/v1"
            with openai.OpenAI(base_url=url, api_key="x", max_retries=2) as client:
                client.chat.completions.create(
                    model="gpt.busy-2", messages=[{"role": "user", "content": "Hello"}]
                )
    """)

    result = suite.run()

    calls = suite.stored().calls
    assert [(call.attempt, call.http_status) for call in calls] == [(1, 429), (2, 429), (3, 200)]
    assert len({call.call_id for call in calls}) == 1
    assert "calls   1 (3 attempts)" in result.stdout.str()


def test_two_calls_with_the_same_words_stay_two(suite: Suite) -> None:
    """Only a failed attempt can be retried."""
    suite.write("""
        from ask import ask

        def test_it():
            ask()
            ask()
    """)

    suite.run()

    assert len({call.call_id for call in suite.stored().calls}) == 2
