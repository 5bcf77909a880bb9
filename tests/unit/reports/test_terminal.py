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
        model              calls  input  output       cost  TTFC p50  time p50
        gpt-4o-2024-08-06      1  1,200     300  $0.006000    320 ms    850 ms
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
        model              calls  input  output       cost  TTFC p50  time p50
        gpt-4o-2024-08-06      2  2,400     600  $0.012000    320 ms    1.04 s
        dearest $0.006000  tests/test_chat.py::test_answers
        slowest 1.24 s  tests/test_b.py::test_b
        store   .understudy/telemetry.db
        """
    )


def test_an_ordinary_terminal() -> None:
    """80 columns: latencies in a table of their own, and every gap in the figures named."""
    assert text(sample_run(), width=80) == expected(
        """
        calls   7 (8 attempts, 1 cancelled), 6 live, 1 replayed, in 2 tests and 1
                fixture, 1 outside any test
        tokens  7,200+ in (800 cached), 1,800+ out (100 reasoning) (counted here in 1
                call)
        spent   $0.026000 + 2 unpriced
        saved   $0.008000 (replayed or mocked, as all times with *)

        model                      calls  errors   input  output                    cost
        gpt-4o-2024-08-06              4  1 of 5  3,600+    900+  $0.018000 + 1 unpriced
        claude-sonn...-5-20250929      2       0   2,400     600               $0.016000
        llama3                         1       0   1,200     300                unpriced

        model                       TTFC p50  time p50
        gpt-4o-2024-08-06             320 ms    850 ms
        claude-sonnet-4-5-20250929    320 ms    4.21 s
        llama3                        320 ms    850 ms
        retried tests/test_chat.py::test_answers
        dearest $0.016000  TestPlanner::test_makes_a_plan[long]
        slowest 8.42 s*  TestPlanner::test_makes_a_plan[long]
        no usage in the answer of 1 call: gpt-4o-2024-08-06
        no price for 1 call: llama3 (no price list for ollama); set one under
          [tool.understudy.prices]
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
                out (100 reasoning) (counted
                here in 1 call)
        spent   $0.026000 + 2 unpriced
        saved   $0.008000 (replayed or mocked,
                as all times with *)

        model                               cost
        gpt-4o-...-08-06  $0.018000 + 1 unpriced
        claude-...250929               $0.016000
        llama3                          unpriced

        model                       TTFC p50
        gpt-4o-2024-08-06             320 ms
        claude-sonnet-4-5-20250929    320 ms
        llama3                        320 ms
        retried tests/test_chat.py::test_answers
        dearest $0.016000  TestPlann...lan[long]
        slowest 8.42 s*  TestPlanne...plan[long]
        no usage in the answer of 1 call:
          gpt-4o-2024-08-06
        no price for 1 call: llama3 (no price
          list for ollama); set one under
          [tool.understudy.prices]
        store   store.db
        """
    )


def test_verbose_has_a_row_for_each_test() -> None:
    """Below its name, whole, and that below its file; fixtures and calls outside any test last."""
    lines = text(sample_run(), width=120, verbosity=1)

    assert (
        "\n\n  "
        + expected(
            """
        calls  errors  input  output  cached  reasoning                    cost  TTFC p95     time
        tests/test_chat.py
        test_answers
              3  1 of 4  3,600     900     800          -  $0.012000 + 1 unpriced    320 ms   2.58 s
        tests/agents/test_planner.py
        TestPlanner::test_makes_a_plan[long]
              2       0  2,400     600       -        100               $0.016000    320 ms  8.42 s*
        fixture:warm_cache
              1       0    n/a     n/a       -          -                unpriced    320 ms   850 ms
        (outside any test)
              1       0  1,200     300       -          -               $0.006000         -   850 ms
        """
        )
        in lines
    )


def test_very_verbose_has_a_row_for_each_attempt() -> None:
    """In the order of their start, below their test, with the number of a retry and the times."""
    lines = text(sample_run(), width=88, verbosity=2)

    assert (
        "\n\n  "
        + expected(
            """
        model                   status  attempt    origin  output       cost     TTFC     time
        tests/test_chat.py
        test_answers
          gpt-4o-2024-08-06           ok               live     300  $0.006000   320 ms   850 ms
          gpt-4o                     429               live     n/a          -        -    30 ms
          gpt-4o-2024-08-06           ok        2      live     300  $0.006000   320 ms   850 ms
        tests/agents/test_planner.py
        TestPlanner::test_makes_a_plan[long]
          claude-s...20250929         ok               live     300  $0.008000   320 ms   4.21 s
          claude-s...20250929         ok           replayed     300  $0.008000  320 ms*  4.21 s*
        tests/test_chat.py
        test_answers
          llama3                      ok               live     300   unpriced   320 ms   850 ms
        fixture:warm_cache
          gpt-4o-2024-08-06           ok               live     n/a   unpriced   320 ms   850 ms
        (outside any test)
          gpt-4o-2024-08-06    cancelled               live     300  $0.006000   320 ms   850 ms
        """
        )
        in lines
    )


def test_names_stand_behind_figures_where_they_have_room() -> None:
    """In a wide terminal each test is a line."""
    lines = text(sample_run(), width=160, verbosity=1)

    assert "TTFC p95     time  test\ntests/test_chat.py\n" in lines
    assert "  320 ms  8.42 s*  TestPlanner::test_makes_a_plan[long]\n" in lines


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
        saved   $0.006000 (replayed or mocked, as all times with *)
        model              calls  input  output       cost  time p50
        gpt-4o-2024-08-06      1  1,200     300  $0.006000   850 ms*
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
    assert [line.split()[0] for line in lines if "0.030600^ " in line[20:]] == ["gpt-4o-2024-08-06"]
    assert "dearest $0.030600^  a" in lines
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

    name = CHAT.partition("::")[2]
    assert f"  {name} [gw0] (rerun 1x)\n" in lines
    assert lines.endswith(f"  {name} [gw1]")


def test_each_attempt_says_what_it_waited() -> None:
    """The time of an answer that was replayed has a star."""
    events = [attempt(1), attempt(2, origin="replayed")]

    lines = text(events, width=160, verbosity=2)

    assert "$0.006000   320 ms   850 ms  test_answers" in lines
    assert "$0.006000  320 ms*  850 ms*  test_answers" in lines


def test_a_retried_attempt_says_its_number() -> None:
    """The second attempt of a call is marked as such."""
    lines = text([attempt(1), attempt(2, call_id="c1", attempt=2)], width=160, verbosity=2)

    assert "model              status  attempt  input" in lines
    assert "gpt-4o-2024-08-06      ok        2  1,200" in lines


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
