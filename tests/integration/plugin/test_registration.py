"""What conftest files may register: codecs, prices, sinks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.suite import Suite

TOY_CODEC = """
    import understudy
    from understudy.wire import Asked

    class ToyCodec:
        wire_api = "toy.talk"
        operation = understudy.Operation.CHAT
        landmarks = None

        def matches(self, target, peek):
            return target.path.endswith("/toy/models")

        def asked(self, target, body):
            return Asked(model=body.get("toy"))

        def read_answer(self, answer, draft):
            draft.complete = True

        def read_event(self, event, draft):
            pass

        def has_content(self, event):
            return False

    @understudy.hookimpl
    def register_codecs(register):
        register(ToyCodec())
"""


def test_a_codec_reads_another_api(suite: Suite) -> None:
    """Calls that nobody else knows become events."""
    suite.write(
        """
        from ask import POOL, URL

        def test_it():
            url = URL.replace("v1/chat/completions", "toy/models")
            POOL.request("POST", url, json={"toy": "bear"})
    """,
        conftest=TOY_CODEC,
    )

    suite.run().assert_outcomes(passed=1)

    (call,) = suite.stored().calls
    assert (call.wire_api, call.request_model) == ("toy.talk", "bear")


OPENAI = "from understudy.providers.openai import OPENAI"
PAGE = Path(__file__).parents[3] / "docs/how-to/another-api.md"


def test_the_page_teaches_to_read_and_to_answer(suite: Suite) -> None:
    """Its example works as it stands: replies, conditions, streams, faults, scenarios, prices."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    conftest, mocked, prices = blocks
    suite.write(
        mocked
        + """
    assert ask("Oslo?").status == 429
    assert json.loads(ask("Oslo?").data)["text"] == "It rains."


def test_a_stream(mock_llm, llm_calls):
    mock_llm.reply("one\\ntwo")
    data = ask("?", stream=True).data.decode()
    events = [json.loads(line[6:]) for line in data.splitlines() if line]
    assert "".join(event.get("text", "") for event in events) == "one\\ntwo"
    (call,) = llm_calls
    assert (call.event.wire_api, call.event.stream) == ("company.generate", True)
    assert call.event.output_tokens > 0
    assert llm_calls.total_cost_usd > 0


def test_a_scenario(mock_llm):
    mock_llm.script("page_edit")
    assert json.loads(ask("?").data)["text"]


def ask(text, **more):
    body = {"engine": "company-large", "input": text, **more}
    return urllib3.PoolManager().request(
        "POST", "https://llm.company.test/company/generate", json=body, retries=False
    )
""",
        conftest=f"{conftest}\n{prices}",
    )
    test = suite.path / "test_it.py"
    test.write_text("import json\nimport urllib3\n" + test.read_text())

    suite.run().assert_outcomes(passed=3)


def test_a_price_is_used(suite: Suite) -> None:
    """By the fixture, and in the store."""
    suite.write(
        """
        from ask import ask

        def test_it(llm_calls):
            ask("house-model")
            assert str(llm_calls.total_cost_usd) == "0.000019"
    """,
        conftest="""
        import understudy

        @understudy.hookimpl
        def register_prices(register):
            register("house-model", input=1, output=2)
    """,
    )

    suite.run().assert_outcomes(passed=1)

    (call,) = suite.stored().calls
    assert (call.cost_nanousd, call.price_table) == (19_000, "register_prices")


def test_a_sink_gets_every_event(suite: Suite, workers: tuple[str, ...]) -> None:
    """Calls, what they tell of models, and what the application records, where it was recorded."""
    suite.write(
        """
        from ask import ask

        def test_it(llm_telemetry):
            ask()
            llm_telemetry.record_event("undo")
    """,
        conftest="""
        import understudy

        class Sink:
            def emit(self, event):
                with open("sunk.txt", "a") as sunk:
                    print(event.event_type, file=sunk)

        @understudy.hookimpl
        def register_sinks(register):
            register(Sink())
    """,
    )

    suite.run(*workers).assert_outcomes(passed=1)

    sunk = (suite.path / "sunk.txt").read_text().split()
    assert sunk == ["llm_call", "THOUGHT_LATENCY", "undo"]


def test_events_can_be_logged(suite: Suite) -> None:
    """The sink that comes along writes to the standard library's logging."""
    suite.write(
        """
        from ask import ask

        def test_it(caplog):
            with caplog.at_level("INFO"):
                ask()
            call, thought = [r for r in caplog.records if r.name == "understudy.events"]
            assert '"event_type":"llm_call"' in call.message
            assert '"event_type":"THOUGHT_LATENCY"' in thought.message
    """,
        conftest="""
        import understudy
        from understudy.telemetry import LoggingSink

        @understudy.hookimpl
        def register_sinks(register):
            register(LoggingSink())
    """,
    )

    suite.run().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("hook", "body", "complaint"),
    [
        ("codecs", "raise ValueError('no')", "a register_codecs hook failed: ValueError: no"),
        ("sinks", "raise ValueError('no')", "a register_sinks hook failed: ValueError: no"),
        ("prices", "raise ValueError('no')", "a register_prices hook failed: ValueError: no"),
        ("sinks", "register(7)", "register_sinks: 7 has no emit."),
        ("codecs", "register(7)", "*7*"),
        ("codecs", f"{OPENAI}; register(OPENAI.apis[0], writer=7)", "*7 has no wire_api, write*"),
        (
            "codecs",
            f"{OPENAI}; register(OPENAI.apis[0], writer=OPENAI.writer_of('openai.responses'))",
            "*writes openai.responses, but openai.chat is read.",
        ),
        ("prices", "register('m', input=-1)", "'m' in register_prices costs -1*"),
        ("prices", "register('m', inptu=1)", "*inptu*"),
    ],
)
@pytest.mark.parametrize("telemetry", [True, False], ids=["on", "off"])
def test_what_cannot_be_registered_is_a_usage_error(
    suite: Suite, hook: str, body: str, complaint: str, *, telemetry: bool
) -> None:
    """It is said in one line, before any test runs."""
    suite.write(
        "def test_it(llm_calls): pass",
        conftest=f"""
        import understudy

        @understudy.hookimpl
        def register_{hook}(register):
            {body}
    """,
    )

    result = suite.run(telemetry=telemetry)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (line,) = filter(None, result.errlines)
    pytest.LineMatcher([line]).fnmatch_lines(f"ERROR: {complaint}")
    assert "Traceback" not in result.stdout.str()


@pytest.mark.parametrize(
    ("hook", "complaint"),
    [
        (
            "def register_sinks(register): pass",
            "*conftest.py: register_sinks is not marked: put @understudy.hookimpl above it.",
        ),
        (
            "@understudy.hookimpl\ndef register_sink(register): pass",
            "unknown hook 'register_sink' in *conftest.py. Did you mean 'register_sinks'?*",
        ),
    ],
    ids=["unmarked", "misspelt"],
)
def test_a_hook_that_nobody_would_ask_is_a_usage_error(
    suite: Suite, hook: str, complaint: str
) -> None:
    """What it registers would be missed without a word."""
    suite.write("def test_it(llm_calls): pass", conftest="import understudy\n" + hook)

    result = suite.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (line,) = filter(None, result.errlines)
    pytest.LineMatcher([line]).fnmatch_lines(f"ERROR: {complaint}")


@pytest.mark.parametrize(
    "harmless",
    [
        "def register_metrics(registry, *, prefix=''): 1 / 0",
        "from unittest.mock import call as register_sinks",
        "@understudy.hookimpl\ndef pytest_sessionstart(session): pass",
        "@understudy.hookimpl(specname='register_sinks')\ndef send(register): pass",
    ],
    ids=["other arguments", "no function", "pytest's", "another name"],
)
def test_what_only_looks_like_a_hook_is_left_alone(suite: Suite, harmless: str) -> None:
    """Other plugins register things too."""
    suite.write("def test_it(llm_calls): pass", conftest="import understudy\n" + harmless)

    suite.run().assert_outcomes(passed=1)


def test_workers_refuse_it_too(suite: Suite) -> None:
    """Also where only they need what was registered."""
    suite.write(
        "def test_it(llm_calls): pass",
        conftest="""
        import understudy

        @understudy.hookimpl
        def register_sinks(register):
            raise ValueError("no")
    """,
    )

    result = suite.run("-n1", telemetry=False)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [*filter(None, result.errlines)] == [
        "ERROR: a register_sinks hook failed: ValueError: no"
    ]


def test_a_plugin_may_register_too(suite: Suite) -> None:
    """Any module that pytest has as a plugin."""
    suite.write(
        """
        from ask import ask

        def test_it(llm_calls):
            ask("house-model")
            assert llm_calls.total_cost_usd > 0
    """,
        house="""
        import understudy

        @understudy.hookimpl
        def register_prices(register):
            register("house-model", input=1, output=2)
    """,
    )

    suite.run("-p", "house").assert_outcomes(passed=1)
