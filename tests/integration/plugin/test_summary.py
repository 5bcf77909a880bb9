"""The summary at the end of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.suite import each_way, lines_of

if TYPE_CHECKING:
    from tests.support.suite import Suite

CALLING = """
    import pytest
    from ask import ask

    @pytest.mark.parametrize("number", range(3))
    def test_call(number):
        ask()

    def test_failing_call():
        ask("gpt-4o-mini.status-500")

    def test_without_a_call():
        pass
"""


@each_way
def test_it_adds_up_what_the_tests_called(suite: Suite, workers: tuple[str, ...]) -> None:
    """Totals are the same, whichever process made the calls."""
    suite.write(CALLING)

    lines = lines_of(suite.run(*workers))

    assert "calls   4 (1 failed), 4 live, in 4 tests" in lines
    assert "tokens  33 in, 12 out" in lines
    assert "spent   $0.000012150" in lines
    assert not any(line.startswith("store") for line in lines)


WITHOUT = """
    import pytest

    def test_it():
        pass

    @pytest.mark.skip
    def test_skipped():
        pass
"""


@each_way
def test_without_a_call_it_says_so_and_what_to_check(
    suite: Suite, workers: tuple[str, ...]
) -> None:
    """Whoever asked for calls wants to know why there are none."""
    suite.write(WITHOUT)

    lines = lines_of(suite.run(*workers))

    assert lines[0] == "calls   none seen in 1 test"
    reasons = " ".join(line.strip() for line in lines[1:])
    assert "not over gRPC, WebSockets" in reasons
    assert "child processes" in reasons


@pytest.mark.parametrize(
    ("options", "setting"),
    [(("-q",), ""), ((), "llm_telemetry = true"), (("-kskipped",), ""), (("--collect-only",), "")],
    ids=["quiet", "by configuration", "nothing ran", "nothing runs"],
)
def test_without_a_call_it_is_silent_where_nobody_asked(
    suite: Suite, options: tuple[str, ...], setting: str
) -> None:
    """A setting of the project holds for its runs without calls, too."""
    suite.write(WITHOUT)
    suite.pytester.makeini(f"[pytest]\n{setting}")

    result = suite.run(*options, telemetry=not setting)

    result.stdout.no_fnmatch_line("*LLM calls*")


@pytest.mark.parametrize("option", ["-q", "-qq", "--no-summary"])
def test_it_is_silent_where_silence_is_asked_for(suite: Suite, option: str) -> None:
    """The run is stored all the same."""
    suite.write(CALLING)

    result = suite.run(option)

    result.stdout.no_fnmatch_line("*LLM calls*")
    assert len(suite.stored().calls) == 4


@pytest.mark.parametrize(
    ("option", "tables"),
    [("--tb=short", ["model"]), ("-v", ["model", "calls"]), ("-vv", ["model", "calls", "model"])],
)
def test_verbosity_adds_tables(suite: Suite, option: str, tables: list[str]) -> None:
    """`-v` has a row for each test, `-vv` one for each call besides."""
    suite.write(CALLING)

    lines = lines_of(suite.run(option))

    assert f"store   {suite.path}/.understudy/telemetry.db" in lines or option == "--tb=short"
    heads = [
        line.split()[0] for line in lines if line.lstrip().startswith(("model ", "calls  err"))
    ]
    assert heads == tables


def test_it_fits_a_narrow_terminal(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    """No line but a path is wider than the terminal."""
    monkeypatch.setenv("COLUMNS", "40")
    suite.write(CALLING)

    lines = lines_of(suite.run("-vv"))

    assert [line for line in lines if len(line) > 40 and "/" not in line] == []


@pytest.mark.parametrize(("color", "is_colored"), [("no", False), ("yes", True)])
def test_color_is_pytests(suite: Suite, color: str, *, is_colored: bool) -> None:
    """It is coloured where pytest's own output is."""
    suite.write(CALLING)

    result = suite.run(f"--color={color}")

    assert ("\x1b[" in result.stdout.str().partition("LLM calls")[2]) is is_colored


@pytest.mark.parametrize("plugin", ["terminal", "junitxml", "unittest", "cacheprovider"])
def test_plugins_of_pytest_may_be_missing(suite: Suite, plugin: str) -> None:
    """Without a terminal, say, there is nobody to print for."""
    suite.write(CALLING)

    suite.run("-p", f"no:{plugin}")

    assert len(suite.stored().calls) == 4


def test_other_requests_to_providers_are_counted(suite: Suite, workers: tuple[str, ...]) -> None:
    """Model lists and files are no calls, and are said in one line."""
    suite.write("""
        from ask import POOL, URL, ask

        def test_list():
            ask()
            POOL.request("GET", URL.replace("chat/completions", "models"))
    """)

    lines = lines_of(suite.run(*workers))

    assert "1 other request to providers (model lists, files, polling)" in lines


BACKGROUND = """
    import json

    import httpx2
    import pytest
    from decimal import Decimal

    V1 = "https://api.openai.com/v1"
    USAGE = {"input_tokens": 1_000, "output_tokens": 100, "total_tokens": 1_100}
    POLLS = iter([("in_progress", None), ("completed", USAGE), ("completed", USAGE)])

    def response(status, usage):
        content = [{"type": "output_text", "text": "Done"}]
        output = [{"type": "message", "role": "assistant", "content": content}] if usage else []
        said = {"model": "gpt-5.1-2025-11-13", "status": status, "output": output, "usage": usage}
        return {"id": "resp_1", "object": "response", **said}

    def answer(request):
        if request.url.path.endswith("/runs"):
            return httpx2.Response(200, json={"object": "thread.run", "usage": USAGE})
        state = ("queued", None) if request.method == "POST" else next(POLLS)
        return httpx2.Response(200, json=response(*state))

    @pytest.mark.llm_budget(usd=0.002)
    def test_background(llm_calls):
        with httpx2.Client(transport=httpx2.MockTransport(answer)) as client:
            client.post(f"{V1}/responses", json={"model": "gpt-5.1", "input": "x"})
            assert llm_calls[0].event.input_tokens is None
            for _ in range(3):
                client.get(f"{V1}/responses/resp_1?include=usage")
            client.post(f"{V1}/threads/t/runs", json={"assistant_id": "a"})
        assert (llm_calls[0].event.input_tokens, llm_calls[0].text) == (1_000, "Done")
        assert llm_calls.total_cost_usd == Decimal("0.00225")  # $1.25 and $10 for a million
"""


def test_a_poll_brings_the_usage_once_and_what_no_codec_reads_is_named(
    suite: Suite, workers: tuple[str, ...]
) -> None:
    """The call has it, its budget trips on it, and further polls are only polls."""
    suite.write(BACKGROUND)

    result = suite.run(*workers)

    lines = lines_of(result)
    result.assert_outcomes(passed=1, errors=1)
    (call,) = suite.stored().calls
    assert (call.input_tokens, call.output_tokens, call.cost_nanousd) == (1_000, 100, 2_250_000)
    assert "1 request with usage that no codec reads: openai.assistants" in lines
    assert "3 other requests to providers (model lists, files, polling)" in lines
    assert "no usage in the answer" not in result.stdout.str()
