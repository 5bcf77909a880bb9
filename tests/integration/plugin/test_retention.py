"""The store is kept at its age by the runs themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.support.suite import lines_of
from tests.unit.store.samples import call

from understudy.store import Run, open_store

if TYPE_CHECKING:
    from tests.support.suite import Suite

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ONE = """
    from ask import ask

    def test_one():
        ask()
"""


def age_store(suite: Suite) -> None:
    """Leave a run of long ago in the store."""
    with open_store(suite.path / ".understudy/telemetry.db") as store:
        store.write_run(Run(run_id="old", started=LONG_AGO))
        store.write_events([call(run_id="old", ts=LONG_AGO)])


def test_a_run_deletes_what_is_older_than_it_may_be(suite: Suite) -> None:
    """The setting says how old; the run itself stays, and says what went."""
    suite.write(ONE)
    age_store(suite)

    result = suite.run("--llm-retention=60d")

    assert [line for line in lines_of(result) if line.startswith("pruned 2 rows from before ")]
    assert len(suite.stored().calls) == 1
    with open_store(suite.path / ".understudy/telemetry.db") as store:
        assert not store.has_run("old")


def test_without_the_setting_nothing_goes(suite: Suite) -> None:
    """However old it is."""
    suite.write(ONE)
    age_store(suite)

    suite.run()

    with open_store(suite.path / ".understudy/telemetry.db") as store:
        assert len(store.events("old")) == 1


def test_a_store_that_cannot_be_pruned_fails_no_test(suite: Suite) -> None:
    """It is said once."""
    suite.write(ONE)
    age_store(suite)
    (suite.path / ".understudy/telemetry.db.prune.lock").mkdir()

    result = suite.run("--llm-retention=60d")

    result.assert_outcomes(passed=1)
    assert [line for line in lines_of(result) if "pruning the store" in line]
