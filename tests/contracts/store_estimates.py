"""What every `Store` must do with estimates."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.contracts.store_samples import HOUR, NOON, PHASE

from understudy.events import TokenEstimate, new_id
from understudy.store import Run

if TYPE_CHECKING:
    from understudy.store import Store


def estimate(**fields: Any) -> TokenEstimate:
    """Make a prediction in the test of PHASE."""
    known: dict[str, Any] = {
        "estimate_id": new_id(),
        "ts": NOON,
        "run_id": "run",
        "phase_id": PHASE.phase_id,
        "predicted_output_tokens": 800,
    }
    return TokenEstimate(**(known | fields))


def settled_estimate() -> TokenEstimate:
    """Make a prediction with every field set."""
    return estimate(
        call_id="call",
        model="gpt-4o",
        selected_budget=1000,
        category="testing",
        complexity="maintenance",
        deliverables=["a.py", "Grüße'; --"],
        deliverable_count=25,
        prompt_tokens=11,
        actual_output_tokens=1200,
        success=True,
        truncated=False,
        stop_reason="stop",
        smape_percent=40.0,
        waste_ratio=2 / 3,
        underestimated=True,
    )


class EstimatesContract:
    """Part of `StoreContract`, which has the fixture `begun`: a store with a run and a test."""

    @pytest.mark.parametrize("written", [estimate(), settled_estimate()], ids=["few", "all"])
    def test_an_estimate_comes_back_as_it_was_written(
        self, begun: Store, written: TokenEstimate
    ) -> None:
        """Every field is stored, floats as floats, unknown ones as unknown."""
        report = begun.write_estimates([written])

        assert (report.written, report.refused) == (1, ())
        assert begun.estimates("run") == [written]

    def test_an_estimate_written_twice_is_there_once(self, begun: Store) -> None:
        """Estimates are told apart by their id."""
        written = estimate()
        begun.write_estimates([written, written])

        report = begun.write_estimates([written])

        assert report.written == 0
        assert begun.estimates() == [written]
        assert begun.footprint().rows["token_estimates"] == 1

    def test_estimates_are_found_by_run_and_time(self, begun: Store) -> None:
        """In the order of time; without a bound all of them."""
        begun.write_run(Run(run_id="other", started=NOON))
        begun.write_phases([PHASE.model_copy(update={"run_id": "other"})])
        late, early = estimate(ts=NOON + HOUR), estimate()
        other = estimate(run_id="other", ts=NOON + 2 * HOUR)

        begun.write_estimates([other, late, early])

        assert begun.estimates() == [early, late, other]
        assert begun.estimates("run") == [early, late]
        assert begun.estimates(since=NOON + timedelta(seconds=1)) == [late, other]
        assert begun.estimates("run", since=NOON + 2 * HOUR) == []

    @pytest.mark.parametrize(
        "fields",
        [
            {"complexity": "hard"},
            {"deliverables": ["x"] * 21},
            {"deliverable_count": -1},
            {"predicted_output_tokens": -1},
            {"predicted_output_tokens": 2**80},
            {"prompt_tokens": -1},
            {"actual_output_tokens": -1},
            {"smape_percent": 200.5},
            {"waste_ratio": -0.5},
            {"phase_id": None},
            {"phase_id": "test_a.py::nobody_knows_it"},
            {"run_id": "nobody knows it"},
            {"worker": "gw7"},
            {"rerun": 3},
        ],
        ids=lambda fields: "-".join(map(str, fields)),
    )
    def test_an_estimate_that_breaks_a_constraint_is_refused_with_a_reason(
        self, begun: Store, fields: dict[str, Any]
    ) -> None:
        """The others are written; nothing is lost in silence."""
        good, bad = estimate(), estimate().model_copy(update=fields)

        report = begun.write_estimates([bad, good])

        assert report.written == 1
        (refusal,) = report.refused
        assert refusal.record is bad
        assert refusal.reason
        assert begun.estimates() == [good]

    def test_a_deleted_run_takes_its_estimates_along(self, begun: Store) -> None:
        """They belong to its tests."""
        begun.write_estimates([estimate(), settled_estimate()])

        begun.delete_run("run")

        assert begun.estimates() == []
        assert begun.footprint().rows["token_estimates"] == 0
