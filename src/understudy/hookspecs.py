"""Both doors for plugins: hooks on pytest's manager, and hooks on a manager of our own.

The first sort is about tests and works like any pytest hook. The second registers kinds of
things, hears of budgets, and is also called where there is no pytest, by the command line; put its
marker `understudy.hookimpl` on functions of a `conftest.py`, of a pytest plugin, or of a package
with an entry point in the group `understudy`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pluggy
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .calls import Request
    from .delays import DelayProfile
    from .events import CallEvent, Estimate
    from .gates import Finding
    from .mock import Fault, IncomingCall
    from .stats import CostAlert

PROJECT: Final = "understudy"

hookspec: Final = pluggy.HookspecMarker(PROJECT)
hookimpl: Final = pluggy.HookimplMarker(PROJECT)


class PytestHooks:
    """Hooks on pytest's manager."""

    @pytest.hookspec
    def pytest_llm_call_recorded(self, item: pytest.Item | None, event: CallEvent) -> None:
        """Called for each attempt of a call, in the process that made it, once it has ended.

        Args:
            item: the test that made the call; None for a fixture of wider scope, or the run.
            event: the event of the attempt, without a price.

        An exception is counted and said once at the end; it fails no test.

        Example, in a `conftest.py`::

            def pytest_llm_call_recorded(item, event):
                if event.status == "error":
                    print(item.nodeid if item else "-", event.http_status, event.error)
        """

    @pytest.hookspec(firstresult=True)
    def pytest_llm_unmatched_call(self, item: pytest.Item | None, request: IncomingCall) -> Any:
        """Answer a mocked call that no rule answers; None leaves it to the next plugin.

        Args:
            item: the test that made the call; None for a fixture of wider scope, or the run.
            request: the call, with `.model`, `.user_text`, `.messages`, `.tools`, `.turn` …

        What is returned may be anything that `mock_llm.reply` takes. Where everybody returns
        None, the test fails.

        Example, in a `conftest.py`::

            def pytest_llm_unmatched_call(item, request):
                if "title" in request.user_text:
                    return "A title"
        """

    @pytest.hookspec(firstresult=True)
    def pytest_llm_estimate(
        self, item: pytest.Item | None, request: Request
    ) -> Estimate | Mapping[str, Any] | int | None:
        """Predict the output tokens of a call that is about to be made; None is no prediction.

        Called once for each logical call that no context manager, tracker or marker predicts,
        in the thread that makes it, while calls are recorded.

        Args:
            item: the test that makes the call; None for a fixture of wider scope, or the run.
            request: what is about to be sent, with `url`, `headers` and `body`.

        What is returned is output tokens, an `understudy.Estimate` or a mapping of its fields.
        An exception, or a value that is no prediction, is counted and said once at the end.

        Example, in a `conftest.py`::

            import json


            def pytest_llm_estimate(item, request):
                asked = json.loads(request.body)
                words = sum(len(str(message["content"]).split()) for message in asked["messages"])
                return {"output_tokens": 50 + 2 * words, "category": "implementation"}
        """

    @pytest.hookspec
    def pytest_llm_gate_verdict(self, config: pytest.Config, verdict: Finding) -> None:
        """Called for each verdict of the gate, the worst first, in the controller.

        Args:
            config: pytest's.
            verdict: `.verdict` is the word, as `FAIL`; `.subject` is a node id, a fixture, a
                group or `run`; then `.metric`, `.baseline`, `.now`, `.reason` and `.advice`.

        An exception here is an internal error of the run.

        Example, in a `conftest.py`::

            def pytest_llm_gate_verdict(config, verdict):
                if verdict.verdict == "FAIL":
                    print(verdict.subject, verdict.text)
        """


class OwnHooks:
    """Hooks on the manager of our own."""

    @hookspec
    def cost_alert_raised(self, alert: CostAlert) -> None:
        """Called once for each alert of a budget, by the process that was the first to find it.

        That is at the end of a run of pytest, in the controller, and while a program records its
        calls, in the thread that brings them into the store, or where the last recording ends.

        Args:
            alert: `.period` is `daily` or `monthly`, `.period_start` its first day, `.kind` is
                `spent` or `predicted`; `.threshold` and `.percent` are in percent of the budget,
                `.level` is `info`, `warning` or `critical`; `.value_nanousd`, `.budget_nanousd`.

        An exception is counted and said once; others are told all the same, and nobody again.

        Example, in a `conftest.py`::

            import understudy


            @understudy.hookimpl
            def cost_alert_raised(alert):
                print(f"{alert.level}: {alert.percent:.0f} % of the {alert.period} budget")
        """

    @hookspec
    def register_codecs(self, register: Callable[..., None]) -> None:
        """Teach understudy another wire API; those registered here are asked first.

        Args:
            register: takes one object with the methods of `understudy.wire.WireApi`; by keyword
                a `prompt`, which returns the `understudy.calls.Prompt` of a request's body, and
                a `writer` with the methods of `understudy.wire.writing.ApiWriter`, for mocks.

        Example, in a `conftest.py`::

            import understudy
            from my_company.llm import CompanyApi, company_writer, read_prompt


            @understudy.hookimpl
            def register_codecs(register):
                register(CompanyApi(), prompt=read_prompt, writer=company_writer)
        """

    @hookspec
    def register_delay_profiles(self, register: Callable[[str, DelayProfile], None]) -> None:
        """Name delay profiles, for `--llm-profile`, the marker `llm_profile` and `mock_llm`.

        Args:
            register: takes a name and an object whose `delays(call)` yields seconds: before the
                first line of an answer, then before each further one.

        Example, in a `conftest.py`::

            import understudy
            from understudy.delays import LogNormal, Profile


            @understudy.hookimpl
            def register_delay_profiles(register):
                register("house", Profile(think_ms=LogNormal(median=300, p95=900), per_line_ms=12))
        """

    @hookspec
    def register_faults(self, register: Callable[[str, Callable[..., Fault]], None]) -> None:
        """Name faults, for `--llm-faults`, the marker `llm_faults` and `mock_llm.fail`.

        Args:
            register: takes a name, and a class or function that takes the fault's options by
                keyword and gives an `understudy.mock.Fault`.

        Example, in a `conftest.py`::

            import understudy
            from understudy.mock import Fault


            class Silence(Fault):
                def on_reply(self, reply, call):
                    return type(reply)()


            @understudy.hookimpl
            def register_faults(register):
                register("silence", Silence)
        """

    @hookspec
    def register_metrics(self, register: Callable[..., None]) -> None:
        """Let the gate judge figures of your own.

        Args:
            register: takes a name and a function of the calls of one test (`CallEvent`s of all
                attempts) that returns a number, None for unknown; by keyword a `unit`, the
                better `direction` (`lower` or `higher`), `timed=True` for what is read off a
                clock, and `gated=False` for what only a policy judges.

        Example, in a `conftest.py`::

            import understudy


            def truncated(calls):
                return sum(call.finish_reason == "length" for call in calls)


            @understudy.hookimpl
            def register_metrics(register):
                register("truncated", truncated, unit="calls")
        """

    @hookspec
    def register_prices(self, register: Callable[..., None]) -> None:
        """Price models that the price table does not know, or prices otherwise.

        Args:
            register: takes the model's name and USD per million tokens as `input`,
                `output`, `cache_read`, `cache_write` and `cache_write_1h`.

        Example, in a `conftest.py`::

            import understudy


            @understudy.hookimpl
            def register_prices(register):
                register("our-model-7b", input=0.10, output=0.40)
        """

    @hookspec
    def register_sinks(self, register: Callable[..., None]) -> None:
        """Send each event somewhere else too, in the process that recorded it.

        Args:
            register: takes one object with a method `emit(event)`, which is always on; or a
                name and a function that makes one, which `--llm-sink=NAME[:DEST]` chooses: it
                gets the text behind the colon, "" where there is none.

        Example, in a `conftest.py`::

            import logging

            import understudy
            from understudy.telemetry import LoggingSink


            @understudy.hookimpl
            def register_sinks(register):
                register(LoggingSink())
                register("log_loudly", lambda _: LoggingSink(level=logging.WARNING))
        """
