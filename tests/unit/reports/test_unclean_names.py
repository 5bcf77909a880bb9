"""Names of somebody else's choosing steer no terminal, no page and no log, whatever they hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.reports.sample_run import UNPRICED, attempt

from understudy.errors import UnderstudyError, UnknownNameError, printable
from understudy.gates import Finding, Judgement, RanTest, Verdict
from understudy.reports import render_summary, summarise
from understudy.reports.gates import markdown, render_judgement, workflow_commands

#: An escape, a line, a mark of direction, one of no width, C1 controls, a separator, a tag.
UNCLEAN = "gpt\x1b[31m-4o\nFAKE LINE\r\u202e\u200b\x9b2J\x85\u2028<img src=x>|`[a](b)"
FINDING = Finding(
    verdict=Verdict.FAIL,
    subject=f"t.py::test[{UNCLEAN}]",
    metric="cost",
    change=UNCLEAN,
    reason=f"no price for {UNCLEAN}",
    advice=f"pytest 't.py::test[{UNCLEAN}]'",
)


def summary() -> str:
    calls = [
        attempt(1, response_model=UNCLEAN, phase_id=f"t.py::test[{UNCLEAN}]", provider=UNCLEAN),
        attempt(2, response_model=UNCLEAN, worker=UNCLEAN, **UNPRICED),
        attempt(3, status="error", error_type=UNCLEAN, http_status=None, ttfc_ms=None),
    ]
    lines = render_summary(summarise(calls), width=400, verbosity=2, store=f"a{UNCLEAN}.db")
    return "\n".join(line.text for line in lines)


def gate() -> str:
    lines = render_judgement(Judgement(findings=(FINDING,), notes=(UNCLEAN,)), width=400)
    return "\n".join(line.text for line in lines)


def page() -> str:
    calls = [attempt(1, response_model=UNCLEAN), attempt(2, response_model="m")]
    return markdown(summarise(calls), Judgement(findings=(FINDING,), notes=(UNCLEAN,)))


def workflow() -> str:
    tests = {FINDING.subject: RanTest(node_id=FINDING.subject, path=f"{UNCLEAN}.py", line=7)}
    return "\n".join(workflow_commands(Judgement(findings=(FINDING,)), tests))


@pytest.mark.parametrize("shown", [summary, gate, page, workflow])
def test_an_unclean_name_steers_nothing(shown: object) -> None:
    """Nor does it make a line of its own."""
    text = shown()  # type: ignore[operator]

    assert "gpt?[31m-4o FAKE LINE" in text or "gpt?[31m-4o%0AFAKE LINE" in text.replace("\\[", "[")
    assert all(each.isprintable() or each == "\n" for each in text)
    assert not any(line.startswith("FAKE") for line in text.splitlines())


def test_a_page_shows_names_as_they_are() -> None:
    """No tag, no link, no further cell."""
    text = page()

    row = next(line for line in text.splitlines() if line.startswith("| gpt"))
    assert "<img" not in row
    assert "\\[a](b)" in row
    assert row.replace("\\|", "").count("|") == len("|||||||") + 1


@given(st.text())
def test_a_printable_text_is_one_line_that_any_terminal_takes(text: str) -> None:
    """As long as it was, and the same where it was clean."""
    clean = printable(text)

    assert clean.isprintable()
    assert len(clean) == len(text)
    assert not text.isprintable() or clean == text


def test_errors_of_ours_are_clean() -> None:
    """Lines of their own they keep."""
    assert str(UnderstudyError(f"{UNCLEAN}\nnext")).splitlines()[-1] == "next"
    assert "\x1b" not in str(UnknownNameError("model", UNCLEAN, ["a"], where=UNCLEAN))
