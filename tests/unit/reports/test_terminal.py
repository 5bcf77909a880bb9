"""The summary for a terminal, to the letter."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.reports.sample_run import CHAT, LLAMA, NO_USAGE, UNPRICED, attempt, sample_run

from understudy.reports import render_summary, summarise

if TYPE_CHECKING:
    from understudy.events import CallEvent


def text(events: list[CallEvent], **options: Any) -> str:
    """Render events as one text."""
    summary = summarise(events, why_unpriced=lambda call: f"no price list for {call.provider}")
    return "\n".join(line.text for line in render_summary(summary, **options))


def expected(lines: str) -> str:
    """Take the indentation of the test off."""
    return dedent(lines).strip("\n")


def test_one_call() -> None:
    """A single test needs no ranking, and its table no empty columns."""
    assert text([attempt(1)], width=80) == expected(
        """
        calls   1, 1 live, in 1 test
        tokens  1,200 in, 300 out
        spent   $0.006000

        model              calls  input  output       cost
        gpt-4o-2024-08-06      1  1,200     300  $0.006000

        model              TTFC p50  TTFC p95  time p50  time p95
        gpt-4o-2024-08-06    320 ms    320 ms    850 ms    850 ms
        """
    )


def test_a_wide_terminal_has_all_columns() -> None:
    """120 columns: one table, and where the run is kept."""
    events = [attempt(1), attempt(2, phase_id="tests/test_b.py::test_b", duration_ms=1_240.0)]

    assert text(events, width=120, store=".understudy/telemetry.db") == expected(
        """
        calls   2, 2 live, in 2 tests
        tokens  2,400 in, 600 out
        spent   $0.012000

        model              calls  input  output       cost  TTFC p50  TTFC p95  time p50  time p95
        gpt-4o-2024-08-06      2  2,400     600  $0.012000    320 ms    320 ms   1.04 s    1.22 s

        dearest tests
          $0.006000  tests/test_chat.py::test_answers
          $0.006000  tests/test_b.py::test_b

        slowest tests
          1.24 s  tests/test_b.py::test_b
          850 ms  tests/test_chat.py::test_answers

        store   .understudy/telemetry.db
        """
    ).replace("1.04 s    1.22 s", " 1.04 s    1.22 s")


def test_an_ordinary_terminal() -> None:
    """80 columns: latencies in a table of their own, and every gap in the figures named."""
    assert text(sample_run(), width=80) == expected(
        """
        calls   7 (8 attempts, 1 cancelled), 6 live, 1 replayed, in 2 tests and 1
                fixture, 1 outside any test
        tokens  7,200+ in (800 cached), 1,800+ out (100 reasoning)
        spent   $0.026000 + 2 unpriced
        saved   $0.008000 (replayed and mocked)

        model                      calls  errors   input  output                    cost
        gpt-4o-2024-08-06              4       1  3,600+    900+  $0.018000 + 1 unpriced
        claude-sonn...-5-20250929      2       0   2,400     600               $0.016000
        llama3                         1       0   1,200     300                unpriced

        model                       TTFC p50  TTFC p95  time p50  time p95
        gpt-4o-2024-08-06             320 ms    320 ms    850 ms    850 ms
        claude-sonnet-4-5-20250929    320 ms    320 ms    4.21 s    4.21 s
        llama3                        320 ms    320 ms    850 ms    850 ms

        dearest tests
          $0.016000  tests/agents/test_planner.py::TestPlanner::test_makes_a_plan[long]
          $0.012000  tests/test_chat.py::test_answers

        slowest tests
          8.42 s*  tests/agents/test_planner.py::TestPlanner::test_makes_a_plan[long]
           2.58 s  tests/test_chat.py::test_answers

        no usage in the answer of 1 call: gpt-4o-2024-08-06
        no price for 1 call: llama3 (no price list for ollama); set one under
          [tool.understudy.prices]
        tokens of 1 call are estimated
        errors and times are those of attempts, without the waits between them
        * replayed or mocked: not the latency of a provider
        """
    )


def test_a_narrow_terminal() -> None:
    """40 columns: model, cost and the first latency remain."""
    assert text(sample_run(), width=40, store="store.db") == expected(
        """
        calls   7 (8 attempts, 1 cancelled), 6
                live, 1 replayed, in 2 tests and
                1 fixture, 1 outside any test
        tokens  7,200+ in (800 cached), 1,800+
                out (100 reasoning)
        spent   $0.026000 + 2 unpriced
        saved   $0.008000 (replayed and mocked)

        model                               cost
        gpt-4o-...-08-06  $0.018000 + 1 unpriced
        claude-...250929               $0.016000
        llama3                          unpriced

        model                       TTFC p50
        gpt-4o-2024-08-06             320 ms
        claude-sonnet-4-5-20250929    320 ms
        llama3                        320 ms

        dearest tests
          $0.016000  tests/agents...a_plan[long]
          $0.012000  tests/test_c...test_answers

        slowest tests
          8.42 s*  tests/agents/..._a_plan[long]
           2.58 s  tests/test_ch...:test_answers

        no usage in the answer of 1 call:
          gpt-4o-2024-08-06
        no price for 1 call: llama3 (no price
          list for ollama); set one under
          [tool.understudy.prices]
        tokens of 1 call are estimated
        errors and times are those of attempts,
          without the waits between them
        * replayed or mocked: not the latency of
          a provider

        store   store.db
        """
    )


def test_verbose_has_a_row_for_each_test() -> None:
    """Fixtures and calls outside any test stand below the tests."""
    lines = text(sample_run(), width=120, verbosity=1)

    assert (
        expected(
            """
        test                                     calls  errors  input  output  cached                    cost  TTFC p95     time
        tests/test_chat.py::test_answers             3       1  3,600     900     800  $0.012000 + 1 unpriced    320 ms   2.58 s
        tests/agents/test_...makes_a_plan[long]      2       0  2,400     600       -               $0.016000    320 ms  8.42 s*
        fixture:warm_cache                           1       0    n/a     n/a       -                unpriced    320 ms   850 ms
        (outside any test)                           1       0  1,200     300       -               $0.006000         -   850 ms
        """  # noqa: E501
        )
        in lines
    )


def test_very_verbose_has_a_row_for_each_attempt() -> None:
    """Attempts stand in the order of their start, with their status and test."""
    lines = text(sample_run(), width=88, verbosity=2)

    assert (
        expected(
            """
        model                   status    origin  input  output       cost  test
        gpt-4o-2024-08-06           ok      live  1,200     300  $0.006000  tests/tes..._answers
        gpt-4o                     429      live    n/a     n/a          -  tests/tes..._answers
        gpt-4o-2024-08-06           ok      live  1,200     300  $0.006000  tests/tes..._answers
        claude-s...20250929         ok      live  1,200     300  $0.008000  tests/age...an[long]
        claude-s...20250929         ok  replayed  1,200     300  $0.008000  tests/age...an[long]
        llama3                      ok      live  1,200     300   unpriced  tests/tes..._answers
        gpt-4o-2024-08-06           ok      live    n/a     n/a   unpriced  fixture:warm_cache
        gpt-4o-2024-08-06    cancelled      live  1,200     300  $0.006000  (outside any test)
        """
        )
        in lines
    )


def test_quiet_says_nothing() -> None:
    """`-q` leaves the failures alone."""
    assert text([attempt(1)], width=80, verbosity=-1) == ""


def test_without_a_call_nothing_is_said() -> None:
    """A run without calls has no summary."""
    assert text([], width=80, verbosity=2, store="store.db") == ""


@pytest.mark.parametrize("width", [40, 41, 55, 67, 80, 100, 120, 200])
@pytest.mark.parametrize("verbosity", [0, 1, 2])
def test_no_line_exceeds_the_terminal(width: int, verbosity: int) -> None:
    """A terminal that breaks our lines breaks the tables."""
    lines = text(sample_run(), width=width, verbosity=verbosity).splitlines()

    assert max(map(len, lines)) <= width


def test_a_long_path_stays_whole() -> None:
    """A path cut in two cannot be copied."""
    path = "/home/somebody/projects/shop/.understudy/telemetry.db"

    assert path in text([attempt(1)], width=40, store=path).splitlines()[-1]


def test_a_mocked_run_saved_and_spent_nothing() -> None:
    """Latency of stand-ins is marked wherever it stands."""
    assert text([attempt(1, origin="mocked", ttfc_ms=None)], width=90) == expected(
        """
        calls   1, 1 mocked, in 1 test
        tokens  1,200 in, 300 out
        saved   $0.006000 (replayed and mocked)

        model              calls  input  output       cost  time p50  time p95
        gpt-4o-2024-08-06      1  1,200     300  $0.006000   850 ms*   850 ms*

        * replayed or mocked: not the latency of a provider
        """
    )


def test_a_run_without_any_price_says_so() -> None:
    """No figure is made up: neither $0 nor 0 tokens."""
    events = [attempt(1, **(NO_USAGE | {"ttfc_ms": None, "duration_ms": None}))]

    assert text(events, width=40) == expected(
        """
        calls   1, 1 live, in 1 test
        tokens  n/a in, n/a out
        spent   unpriced

        model              calls      cost
        gpt-4o-2024-08-06      1  unpriced

        no usage in the answer of 1 call:
          gpt-4o-2024-08-06
        """
    )


def test_a_cost_that_the_provider_reported_is_marked() -> None:
    """In every place where it stands, and the mark is explained: fees may be in it."""
    said = {"cost_nanousd": 30_600_000, "cost_source": "provider"}
    listed = {"cost_nanousd": 1_000_000, "cost_source": "price_table", "response_model": "other"}

    run = summarise([attempt(1, phase_id="a", **said), attempt(2, phase_id="b", **listed)])
    lines = [line.text for line in render_summary(run, width=100)]

    assert "spent   $0.031600^" in lines
    assert [line.split()[0] for line in lines if "0.030600^ " in line[8:]] == ["gpt-4o-2024-08-06"]
    assert "  $0.030600^  a" in lines
    assert "   $0.001000  b" in lines
    assert "^ reported by the provider, fees included: not a list price" in lines


def test_a_model_of_two_providers_is_named_with_them() -> None:
    """gpt-4o on Azure is another row than gpt-4o at OpenAI."""
    lines = text([attempt(1), attempt(2, provider="azure")], width=120)

    assert "azure/gpt-4o-2024-08-06" in lines
    assert "openai/gpt-4o-2024-08-06" in lines


def test_unnamed_models_are_said_to_be_unknown() -> None:
    """A call whose model nobody read still has its row and its note."""
    nameless = UNPRICED | {"request_model": None, "response_model": None}

    lines = text([attempt(1, **nameless), attempt(2, **nameless)], width=120, verbosity=2)

    assert "(unknown)      2" in lines
    assert "no price for 2 calls: (unknown) x2 (no price list for openai)" in lines


def test_reruns_and_workers_are_named_with_the_test() -> None:
    """A row says which of several runs of a test it is."""
    events = [attempt(1, worker="gw0", rerun=1), attempt(2, worker="gw1")]

    lines = text(events, width=160, verbosity=1)

    assert f"{CHAT} [gw0] (rerun 1x)" in lines
    assert f"{CHAT} [gw1] " in lines


def test_each_attempt_says_what_it_waited() -> None:
    """The time of an answer that was replayed has a star."""
    events = [attempt(1), attempt(2, origin="replayed")]

    lines = text(events, width=160, verbosity=2)

    assert "$0.006000   320 ms   850 ms  tests" in lines
    assert "$0.006000  320 ms*  850 ms*  tests" in lines


def test_a_retried_attempt_says_its_number() -> None:
    """The second attempt of a call is marked as such."""
    lines = text([attempt(1), attempt(2, call_id="c1", attempt=2)], width=160, verbosity=2)

    assert "model              status  attempt  origin" in lines
    assert "gpt-4o-2024-08-06      ok        2    live" in lines


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        ({"http_status": 529}, "529"),
        ({"http_status": None, "error_type": "ConnectTimeout"}, "ConnectTimeout"),
        ({"http_status": None, "origin": None}, "error"),
    ],
)
def test_a_failed_attempt_says_what_it_met(failure: dict[str, Any], status: str) -> None:
    """The status, or the exception where there was none."""
    event = attempt(1, **(NO_USAGE | {"status": "error"} | failure))

    lines = text([event], width=160, verbosity=2)

    assert f"  {status}  " in lines
    assert "calls   1 (1 failed)" in lines


def test_only_headings_and_warnings_are_marked_up() -> None:
    """Figures are plain; the terminal decides on colour."""
    summary = summarise([attempt(1, **(UNPRICED | LLAMA))])

    lines = render_summary(summary, width=80)

    marked = {line.text.split()[0]: dict(line.markup) for line in lines if line.markup}
    assert marked == {"model": {"bold": True}, "no": {"yellow": True}}
