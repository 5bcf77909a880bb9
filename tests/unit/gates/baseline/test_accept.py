"""Today's figures as the new baseline, and who accepts them."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.unit.gates.sample_gate import (
    MODULE,
    NOON,
    OTHER,
    TEST,
    UPDATE,
    baseline_of,
    call,
    measured,
    run_facts,
)

from understudy.gates import METRICS, RanTest, RunFacts
from understudy.gates.baseline import (
    Accepted,
    Baseline,
    Update,
    accepted,
    format_module,
    update_by_us,
)

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.events import CallEvent

LATER = Update(date="2026-12-01", commit="abc", author="Bob", reason="longer prompt")


def accept(baseline: Baseline, *calls: CallEvent, ran: RunFacts | None = None) -> Accepted:
    """Accept the figures of calls."""
    names = sorted({call.phase_id or "" for call in calls})
    told = ran or run_facts(*names)
    return accepted(baseline, measured(*calls, run_facts=told), told, LATER)


def after(baseline: Baseline, outcome: Accepted) -> Baseline:
    """Return the baseline with what was accepted."""
    return Baseline({**baseline.files, **outcome.files})


def test_only_the_tests_that_changed_name_the_update() -> None:
    """The others keep the one that explains them."""
    outcome = accept(baseline_of(call(), call(OTHER)), call(input_tokens=1100), call(OTHER))

    assert outcome.files[MODULE].updates == {"test_refund": LATER, "test_order": UPDATE}


def test_the_diff_is_for_people() -> None:
    """One line a figure."""
    outcome = accept(baseline_of(call()), call(input_tokens=1100))

    assert [change.line(METRICS) for change in outcome.changes] == [
        f"{TEST}  cost of openai/cheap: $0.0012 -> $0.0013 (+$0.0001, +8.3 %)",
        f"{TEST}  input_tokens of openai/cheap: 1,000 tokens -> 1,100 tokens"
        " (+100 tokens, +10.0 %)",
    ]


def test_nothing_changes_where_nothing_did() -> None:
    """No file is written again."""
    outcome = accept(baseline_of(call()), call())

    assert (outcome.files, outcome.changes) == ({}, ())


def test_a_selected_test_alone_is_updated() -> None:
    """The rest of its module stays as it is."""
    baseline = baseline_of(call(), call(OTHER))

    outcome = accept(baseline, call(input_tokens=1100), ran=run_facts(TEST, complete=frozenset()))

    assert after(baseline, outcome).tests[OTHER] == baseline.tests[OTHER]
    assert after(baseline, outcome).tests[TEST].values["input_tokens"] == 1100


def test_a_removed_test_goes_where_its_module_was_collected_whole() -> None:
    """And is in the diff."""
    outcome = accept(baseline_of(call(), call(OTHER)), call())

    assert {change.subject for change in outcome.changes} == {OTHER}
    assert "removed, was 1" in outcome.changes[0].line(METRICS)
    assert {record.test for record in outcome.files[MODULE].records} == {"test_refund"}


def test_a_module_that_is_gone_loses_all() -> None:
    """Its file is removed when that is written."""
    baseline = baseline_of(call(), call("old.py::test_a"))

    outcome = accept(baseline, call(), ran=run_facts(gone=frozenset({"old.py"})))

    assert outcome.files["old.py"].records == ()


@pytest.mark.parametrize("outcome", ["failed", "error", None])
def test_a_failed_test_s_figures_never_enter(outcome: str | None) -> None:
    """Nor do they leave; it is said."""
    failed = run_facts(RanTest(node_id=TEST, outcome=outcome))

    done = accept(baseline_of(call()), call(input_tokens=5), ran=failed)

    assert (done.files, done.refused) == ({}, (TEST,))


@pytest.mark.parametrize("outcome", ["skipped", "xfailed", "passed"])
def test_a_test_without_a_call_that_counts_leaves(outcome: str) -> None:
    """Accepting a skip is accepting that there is no figure."""
    baseline = baseline_of(call(), call(OTHER))

    done = accept(baseline, call(), ran=run_facts(TEST, RanTest(node_id=OTHER, outcome=outcome)))

    assert OTHER not in after(baseline, done).tests


def test_live_figures_are_no_part_of_it() -> None:
    """They scatter; they are kept apart."""
    done = accept(Baseline(), call(origin="live", clock="real"))

    assert done.files == {}


def test_latencies_of_the_real_clock_are_no_part_of_it() -> None:
    """And those of the virtual one stay."""
    baseline = baseline_of(call())

    done = accept(baseline, call(clock="real", input_tokens=7))

    assert after(baseline, done).tests[TEST].timed == baseline.tests[TEST].timed


def test_a_profile_of_the_code_replaces_the_one_before() -> None:
    """The marker names another one now."""
    baseline = baseline_of(call())

    done = accept(baseline, call(profile="slow"))

    assert list(after(baseline, done).tests[TEST].timed) == ["virtual:slow"]


def test_a_profile_that_this_run_asks_for_stands_beside_the_others() -> None:
    """Each can be compared with its own."""
    baseline = baseline_of(call())

    done = accept(baseline, call(profile="slow"), ran=run_facts(profile="slow"))

    assert set(after(baseline, done).tests[TEST].timed) == {"virtual:realistic_l2", "virtual:slow"}


def test_a_figure_that_is_no_number_never_enters() -> None:
    """It would be a corrupt baseline."""
    figures = measured(call())
    figures[TEST].values["own"] = float("nan")
    figures[TEST].timed["own_too"] = float("inf")

    done = accepted(Baseline(), figures, run_facts(), LATER)

    assert not {"own", "own_too"} & {record.metric for record in done.files[MODULE].records}


def test_fixtures_have_a_file_of_their_own() -> None:
    """They belong to no module; after an error in a set-up their figures are not whole."""
    done = accept(Baseline(), call("fixture:client"), ran=run_facts())
    broken = accept(
        Baseline(), call("fixture:client"), ran=run_facts(RanTest(node_id=TEST, outcome="error"))
    )

    assert list(done.files) == ["fixtures"]
    assert after(Baseline(), done).tests["fixture:client"].values["calls"] == 1
    assert broken.refused == ("fixture:client",)


def test_branches_that_accept_different_tests_merge() -> None:
    """Line by line, as git does it: no two of them touch."""
    base = baseline_of(call(), call(OTHER)).files[MODULE]
    ours = accept(Baseline({MODULE: base}), call(input_tokens=7), call(OTHER)).files[MODULE]
    theirs = accept(Baseline({MODULE: base}), call(), call(OTHER, ttfc_ms=9.0)).files[MODULE]

    texts = [format_module(each).splitlines() for each in (base, ours, theirs)]
    assert len({len(text) for text in texts}) == 1
    numbered = list(enumerate(zip(*texts, strict=True)))
    by_us = {number for number, (old, new, _) in numbered if old != new}
    by_them = {number for number, (old, _, new) in numbered if old != new}
    assert by_us
    assert by_them
    assert min(abs(one - other) for one in by_us for other in by_them) > 1


def test_who_wrote_a_test_s_figures_is_known() -> None:
    """The update of its last line."""
    baseline = baseline_of(call())

    assert baseline.update_of(baseline.tests[TEST]) == UPDATE


def git(folder: Path, *words: str) -> None:
    """Run git in a folder, as nobody in particular."""
    own = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]
    subprocess.run(["git", *own, *words], cwd=folder, check=True, capture_output=True)


def test_an_update_names_commit_author_and_day(tmp_path: Path) -> None:
    """The reason in one line."""
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "user.name", "Ann")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "x")

    update = update_by_us(tmp_path, reason="a longer\n prompt", at=NOON)

    assert (update.author, update.date, update.reason) == ("Ann", "2026-11-20", "a longer prompt")
    assert len(update.commit) == 12


def test_without_git_the_user_is_the_author(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the commit unknown."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("getpass.getuser", lambda: "ann")

    update = update_by_us(tmp_path, reason="x", at=NOON)

    assert (update.author, update.commit) == ("ann", "unknown")


@pytest.mark.parametrize("error", [OSError, KeyError, ImportError])
def test_nobody_may_be_the_author(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """In a container without a user."""

    def fail() -> str:
        raise error

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("getpass.getuser", fail)

    assert update_by_us(tmp_path, reason="x", at=NOON).author == "unknown"
