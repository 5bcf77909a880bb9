"""Mocks of tests, of wider scopes, and of the whole run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from understudy.mock import active_mock

if TYPE_CHECKING:
    from tests.provider import Provider
    from tests.support.suite import Suite


def test_each_test_has_a_mock_of_its_own(suite: Suite) -> None:
    """Both names give the same one, and nothing is left of the one before."""
    suite.write("""
        import pytest
        from asking import by_openai as ask

        @pytest.mark.parametrize("number", range(4))
        def test_it(mock_llm, llm_mock, number):
            assert llm_mock is mock_llm
            assert mock_llm.calls == ()
            mock_llm.reply(f"Answer {number}")
            assert ask() == f"Answer {number}"
    """)

    suite.run(telemetry=False).assert_outcomes(passed=4)


@pytest.mark.parametrize("scope", ["class", "module", "package", "session"])
def test_a_mock_of_wider_scope(suite: Suite, scope: str) -> None:
    """It answers fixtures of its scope and the tests, but for those with their own."""
    suite.write(f"""
        import pytest
        from asking import by_openai as ask

        @pytest.fixture(scope="{scope}")
        def greeting({scope}_mock_llm):
            {scope}_mock_llm.reply("wide")
            yield ask()
            assert ask() == "wide"

        class TestIt:
            def test_wide(self, greeting):
                assert greeting == ask() == "wide"

            def test_own(self, greeting, mock_llm):
                mock_llm.reply("own")
                assert ask() == "own"

            def test_wide_again(self, greeting, {scope}_mock_llm):
                assert ask() == "wide"
    """)

    suite.run(telemetry=False).assert_outcomes(passed=3)


def test_a_test_case_of_unittest(suite: Suite) -> None:
    """By marker, by a fixture on itself, and for its class."""
    suite.write("""
        import unittest
        import pytest
        from asking import by_openai as ask

        @pytest.mark.llm_scenario("page_edit")
        class TestMarked(unittest.TestCase):
            def test_it(self):
                assert "op" in ask()

        class TestInjected(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def mocked(self, mock_llm):
                self.mock_llm = mock_llm

            def test_it(self):
                self.mock_llm.reply("Bonjour")
                assert ask() == "Bonjour"

        @pytest.mark.usefixtures("class_mock_llm")
        class TestWide(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def mocked(self, class_mock_llm):
                class_mock_llm.reply("Bonsoir")

            def test_it(self):
                assert ask() == "Bonsoir"
    """)

    suite.run(telemetry=False).assert_outcomes(passed=3)


def test_asked_for_in_the_middle_of_a_test(suite: Suite) -> None:
    """Nothing told beforehand that anything of ours is used."""
    suite.write("""
        from asking import by_openai as ask

        def test_it(request):
            request.getfixturevalue("mock_llm").reply("Bonjour")
            assert ask() == "Bonjour"
    """)

    suite.run(telemetry=False).assert_outcomes(passed=1)


def test_a_client_made_before_the_mock_has_a_key(suite: Suite) -> None:
    """Whatever the order of the fixtures."""
    suite.write("""
        import pytest

        @pytest.fixture(autouse=True)
        def client():
            import openai

            return openai.OpenAI()

        def test_it(client, mock_llm):
            mock_llm.reply("Bonjour")
            asked = {"model": "gpt-5", "messages": [{"role": "user", "content": "Hello?"}]}
            assert client.chat.completions.create(**asked).choices[0].message.content == "Bonjour"
    """)

    suite.run(telemetry=False).assert_outcomes(passed=1)


def test_keys_that_are_there_stay(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    """One secret of several names is one secret."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-real")
    monkeypatch.setenv("GEMINI_API_KEY", "real")
    monkeypatch.setenv("AWS_REGION", "eu-north-1")
    suite.write("""
        import os

        def test_it(mock_llm):
            assert os.environ["OPENAI_API_KEY"] == "sk-real"
            assert "GOOGLE_API_KEY" not in os.environ
            assert "AWS_DEFAULT_REGION" not in os.environ
            assert os.environ["AWS_ACCESS_KEY_ID"] == "understudy-dummy"
            os.environ["ANTHROPIC_API_KEY"] = "of the test"

        def test_after():
            assert os.environ["OPENAI_API_KEY"] == "sk-real"
            assert os.environ.pop("ANTHROPIC_API_KEY") == "of the test"
            assert "AWS_ACCESS_KEY_ID" not in os.environ
    """)

    suite.run(telemetry=False).assert_outcomes(passed=2)


def test_the_whole_run_is_mocked(suite: Suite, workers: tuple[str, ...]) -> None:
    """Fixtures of the session too, and what runs outside of tests."""
    suite.write(
        """
        import pytest
        from asking import by_requests as ask

        MODULE = ask()

        @pytest.fixture(scope="session")
        def greeting():
            return ask()

        def test_it(greeting):
            assert MODULE and greeting and ask()

        def test_own(mock_llm):
            mock_llm.reply("own")
            assert ask() == "own"

        def test_class(class_mock_llm):
            class_mock_llm.reply("of the class")
            assert ask() == "of the class"
        """,
        conftest="""
            from asking import by_requests as ask

            def pytest_sessionfinish():
                assert ask()
        """,
    )

    result = suite.run(*workers, "--llm-mock")

    result.assert_outcomes(passed=3)
    assert {call.origin for call in suite.stored().calls} == {"mocked"}
    owners = {owner for owner, _ in suite.stored().owners}
    assert owners == {None, "fixture:greeting", "test_it", "test_own", "test_class"}


def test_each_test_begins_the_scenario_anew(suite: Suite) -> None:
    """What one test did to it does not show in the next."""
    suite.write("""
        import pytest
        from asking import by_openai as ask

        @pytest.mark.parametrize("number", range(3))
        def test_it(number):
            first, second = ask("My parcel?"), ask("Order 1007")
            assert first.startswith("I can look that up.")
    """)

    result = suite.run("--llm-mock=order_agent", telemetry=False)

    result.assert_outcomes(passed=3)


def test_a_test_that_asked_for_no_mock_has_none(suite: Suite, provider: Provider) -> None:
    """Its calls go out, as ever; and loopback is nobody's provider."""
    suite.write(f"""
        from asking import by_requests

        URL = "{provider.url}/v1/chat/completions"

        def test_live():
            by_requests(URL)

        def test_mocked(mock_llm):
            by_requests(URL)
            assert mock_llm.calls == ()
    """)

    suite.run().assert_outcomes(passed=2)

    assert {call.origin for call in suite.stored().calls} == {"live"}


def test_loopback_addresses_that_are_providers(suite: Suite) -> None:
    """Named in a setting."""
    suite.pytester.makeini("[pytest]\nllm_mock_hosts =\n    localhost:8000\n    127.0.0.1:11434\n")
    suite.write("""
        from asking import by_requests

        def test_it(mock_llm):
            mock_llm.reply("Bonjour")
            assert by_requests("http://localhost:8000/v1/chat/completions") == "Bonjour"
    """)

    suite.run(telemetry=False).assert_outcomes(passed=1)


def test_a_thread_that_outlives_its_test_is_still_answered(suite: Suite) -> None:
    """By the mock that it began under."""
    suite.write("""
        import threading
        from asking import by_openai as ask

        GO = threading.Event()
        ANSWERS = []

        def later():
            GO.wait(30)
            ANSWERS.append(ask())

        def test_first(mock_llm, monkeypatch):
            mock_llm.reply("of the first test")
            ask()
            import openai
            client = openai.OpenAI()
            monkeypatch.undo()
            global THREAD
            THREAD = threading.Thread(target=later)
            THREAD.start()

        def test_second(mock_llm):
            mock_llm.reply("of the second test")
            GO.set()
            THREAD.join()
            assert ANSWERS == ["of the first test"]
    """)

    suite.run(telemetry=False).assert_outcomes(passed=2)


def test_get_llm_gives_the_mock_in_force(suite: Suite) -> None:
    """To an application with a switch of its own."""
    suite.write("""
        from understudy.mock import get_llm

        def test_own(mock_llm):
            assert get_llm() is mock_llm

        class TestWide:
            def test_wide(self, class_mock_llm):
                assert get_llm() is class_mock_llm

        def test_none():
            assert get_llm(real=lambda: "real") == "real"
    """)

    suite.run(telemetry=False).assert_outcomes(passed=3)
    suite.run("--llm-mock", "-k", "none", telemetry=False).assert_outcomes(failed=1)


def test_an_interrupted_run_leaves_nothing_behind(suite: Suite) -> None:
    """Neither dummy keys nor a mock in force."""
    suite.write("""
        def test_it(mock_llm):
            raise KeyboardInterrupt
    """)

    suite.pytester.runpytest_inprocess(*suite.arguments(telemetry=False), no_reraise_ctrlc=True)

    assert "OPENAI_API_KEY" not in os.environ
    assert active_mock() is None


def test_a_set_up_that_fails_for_its_own_reasons(suite: Suite) -> None:
    """Says so, and the mock goes."""
    suite.write("""
        import os
        import pytest

        @pytest.fixture
        def broken(mock_llm):
            raise ValueError("no database")

        def test_it(broken):
            pass

        def test_after():
            assert "OPENAI_API_KEY" not in os.environ
    """)

    result = suite.run(telemetry=False)

    result.assert_outcomes(errors=1, passed=1)
    result.stdout.fnmatch_lines(["E*ValueError: no database"])


def test_a_request_that_is_no_call_goes_out(suite: Suite, provider: Provider) -> None:
    """Lists of models, files and the like are nobody's to answer."""
    suite.write(f"""
        import requests

        def test_it(mock_llm):
            requests.get("{provider.url}/v1/models", timeout=9)
            assert mock_llm.calls == ()
    """)

    suite.run(telemetry=False).assert_outcomes(passed=1)


def test_a_conversation_goes_on_from_a_mock_of_wider_scope(suite: Suite) -> None:
    """What a fixture began its tests go on with, and none hears of another."""
    suite.write("""
        import pytest
        import requests

        def ask(text, **more):
            body = {"model": "gpt-5", "input": text, "conversation": "conv_1", **more}
            return requests.post("https://api.openai.com/v1/responses", json=body).json()

        @pytest.fixture(scope="module")
        def begun(module_mock_llm):
            module_mock_llm.reply("Hi, Ann.")
            return ask("I am Ann.")

        @pytest.mark.parametrize("number", range(2))
        def test_it(begun, mock_llm, number):
            mock_llm.reply(lambda call: " ".join(each.text for each in call.messages))
            told = ask("Who am I?")["output"][0]["content"][0]["text"]
            assert told == "I am Ann. Hi, Ann. Who am I?"
            assert mock_llm.calls[0].turn == 2
            ask("And now?")
            assert mock_llm.calls[1].turn == 3

        def test_by_the_answer(begun, mock_llm):
            mock_llm.reply("Ann.")
            ask("Who?", conversation=None, previous_response_id=begun["id"])
            assert mock_llm.calls[0].turn == 2
    """)

    suite.run(telemetry=False).assert_outcomes(passed=3)
