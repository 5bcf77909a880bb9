"""What the gate says, format by format."""

from __future__ import annotations

import json

from tests.unit.reports.sample_run import attempt

from understudy.gates import Finding, Judgement, Kind, RanTest, Statistics, Verdict
from understudy.reports import summarise
from understudy.reports.gates import (
    judgement_as_json,
    markdown,
    render_judgement,
    workflow_commands,
)

TEST = "tests/test_bot.py::test_refund"


def finding(verdict: Verdict = Verdict.FAIL, subject: str = TEST, **more: object) -> Finding:
    """Make a finding."""
    fields = {
        "metric": "cost",
        "baseline": 1,
        "now": 2,
        "change": "$1 -> $2",
        "reason": "a dearer model",
        "advice": "pytest --llm-update-baseline",
    }
    return Finding(verdict=verdict, subject=subject, **(fields | more))  # type: ignore[arg-type]


def rendered(judgement: Judgement, *, verbosity: int = 0, strict: bool = False) -> list[str]:
    """Render it for 80 columns."""
    lines = render_judgement(judgement, width=80, verbosity=verbosity, strict=strict)
    return [line.text for line in lines]


def test_failures_stand_by_their_test_and_what_to_do_at_the_end() -> None:
    """Once for all of them."""
    judgement = Judgement(
        findings=(finding(), finding(metric="calls", change="1 -> 2", reason="")),
        passed={TEST: ("ttfc",)},
        notes=("a note",),
    )

    assert rendered(judgement) == [
        "figures  1 PASS, 2 FAIL",
        TEST,
        "    FAIL cost $1 -> $2: a dearer model",
        "    FAIL calls 1 -> 2",
        "note     a note",
        "-> pytest --llm-update-baseline",
    ]


def test_failures_that_were_told_are_named_by_file_with_their_figures() -> None:
    """With how many of the tests had passed; one command accepts them, of files where many."""
    accept = '--llm-update-baseline --llm-reason="why this is right"'
    names = [f"t.py::test_{n}" for n in range(4)]
    way = "1,200 ms -> 2,400 ms (+1,200 ms, +100.0 %)"
    found = [
        finding(
            subject=name,
            metric="ttfc",
            change=way,
            kind=Kind.EXACT,
            advice=f"pytest {name} {accept}",
        )
        for name in names
    ]
    more = finding(subject="run", metric="attempts", change="2 -> 3 (+1, +50.0 %)", advice="look")

    def told(*findings: Finding) -> list[str]:
        judgement = Judgement(findings=findings)
        lines = render_judgement(judgement, width=80, passed={"t.py::test_0"})
        return [line.text for line in lines]

    assert told(found[0], more) == [
        "figures  2 FAIL",
        "gate     2 figures of 1 test and run; 1 test passed before it",
        "t.py",
        "    test_0  ttfc +100.0 %",
        "run  attempts 2 -> 3",
        "mocked and replayed calls give the same figures every time: this is no noise",
        f"-> pytest t.py::test_0 {accept}",
        "-> look",
    ]
    assert told(*found)[1] == "gate     4 figures of 4 tests; 1 test passed before it"
    assert told(*found)[-1] == f"-> pytest t.py {accept}"


def test_warnings_of_many_tests_are_said_once() -> None:
    """With some of their names, and what to do; each by itself with -v."""
    many = tuple(
        finding(Verdict.ENV_MISMATCH, f"t.py::test_{n}", metric="latency", change="")
        for n in range(5)
    )
    judgement = Judgement(findings=many)

    assert rendered(judgement)[1:] == [
        "t.py::test_0, t.py::test_1, t.py::test_2 and 2 more",
        "    ENV_MISMATCH latency: a dearer model",
        "    -> pytest --llm-update-baseline",
    ]
    assert len(rendered(judgement, verbosity=1)) == 1 + 5 * 3


def test_strictness_makes_warnings_failures() -> None:
    """In red."""
    judgement = Judgement(findings=(finding(Verdict.INCONCLUSIVE),))

    lines = render_judgement(judgement, width=80, strict=True)

    assert lines[1].markup == {"red": True}
    assert judgement_as_json(judgement, strict=True)["failed"] is True
    assert judgement_as_json(judgement)["failed"] is False


def test_a_green_finding_has_no_advice_and_a_quiet_green_run_no_section() -> None:
    """There is nothing to do."""
    judgement = Judgement(findings=(finding(Verdict.NEW),))

    assert all("->" not in line or "$" in line for line in rendered(judgement, verbosity=-1))
    assert rendered(Judgement(passed={TEST: ("cost",)}), verbosity=-1) == []
    assert rendered(Judgement()) == ["figures  nothing"]


def test_json_holds_everything_and_no_nan() -> None:
    """It is read by other programs."""
    judgement = Judgement(
        findings=(
            finding(now=float("nan"), statistics=Statistics(ratio=1.2, p=0.01)),
            finding(baseline=None),
        ),
        passed={TEST: ("ttfc",)},
    )

    document = json.loads(json.dumps(judgement_as_json(judgement), allow_nan=False))

    assert document["counts"] == {"PASS": 1, "FAIL": 2}
    assert document["verdicts"][0]["now"] is None
    assert document["verdicts"][0]["ratio"] == 1.2
    assert document["passed"] == {TEST: ["ttfc"]}
    assert document["compared"] == 2


def test_markdown_is_safe_in_tables() -> None:
    """Bars and backquotes of names are no markup."""
    judgement = Judgement(
        findings=(finding(subject="t.py::test[a|b`c]"), finding(Verdict.NEW)), notes=("a | b",)
    )

    text = markdown(summarise([]), judgement)

    assert "## LLM gate: red ❌" in text
    assert "`t.py::test[a\\|b'c]`" in text
    assert "- a \\| b" in text
    assert "None were recorded." in text
    assert "## LLM gate: green ✅" in markdown(summarise([]), Judgement())


def test_markdown_tells_spent_from_saved_and_explains_its_star() -> None:
    """A reader of a pull request takes any sum for a bill."""
    mocked = markdown(summarise([attempt(1, origin="mocked")]), None)
    both = markdown(summarise([attempt(1), attempt(2, origin="replayed")]), None)

    assert (
        "1 call in 1 attempt, 1,200 tokens in, 300 out. Nothing was spent. Saved $0.006000"
        in mocked
    )
    assert "`*` replayed or mocked: not the latency of a provider." in mocked
    assert "**Spent $0.006000.** Saved $0.006000: replayed or mocked." in both


def test_markdown_says_once_what_to_do() -> None:
    """Below the table, for all that is not green."""
    accept = 'pytest t.py::test_a --llm-update-baseline --llm-reason="why this is right"'
    found = [
        finding(subject="t.py::test_a", metric=name, advice=accept) for name in ("cost", "ttfc")
    ]

    text = markdown(summarise([]), Judgement(findings=(*found, finding(Verdict.NEW))))

    assert text.count("--llm-update-baseline") == 1
    assert f"What to do:\n\n- `{accept}`" in text


def test_markdown_cuts_long_lists() -> None:
    """A step summary holds a megabyte."""
    many = tuple(finding(subject=f"t.py::test_{n}") for n in range(250))

    assert "… and 50 more." in markdown(summarise([]), Judgement(findings=many))


def test_annotations_name_file_and_line() -> None:
    """Ten errors, ten warnings, no more: GitHub shows no more."""
    many = [finding(subject=f"t.py::test_{n}") for n in range(12)]
    judgement = Judgement(
        findings=(
            finding(reason="100 %\nbad"),
            finding(Verdict.ENV_MISMATCH, subject="run"),
            finding(Verdict.NEW),
            *many,
        )
    )
    tests = {
        TEST: RanTest(node_id=TEST, path="tests/test_bot.py", line=7),
        "t.py::test_0": RanTest(node_id="t.py::test_0"),
    }

    commands = list(workflow_commands(judgement, tests))

    assert commands[0] == (
        "::error file=tests/test_bot.py,line=7,title=LLM gate FAIL%3A tests/test_bot.py%3A%3A"
        "test_refund::cost $1 -> $2: 100 %25%0Abad%0Apytest --llm-update-baseline"
    )
    assert commands[1].startswith("::warning title=LLM gate ENV_MISMATCH%3A run::")
    assert commands[2].startswith("::error file=t.py,title=")
    assert sum(command.startswith("::error") for command in commands) == 10
