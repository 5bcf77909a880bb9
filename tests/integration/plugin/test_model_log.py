"""`llm_telemetry.models` in a run: what tests tell of models, in the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.suite import STORE

from understudy.store import open_store

if TYPE_CHECKING:
    from tests.support.suite import Suite

TOLD = """
    import pytest

    def test_loads(llm_telemetry):
        models = llm_telemetry.models
        assert models.log_load_latency("gemma2:27b", 6.31)
        with models.timer().load("phi4") as load:
            pass
        assert load.is_stored

    def test_thinks(llm_telemetry):
        models = llm_telemetry.models
        assert models.log_thought_latency("gemma2:27b", 2.76, 120, 41)
        assert not models.log_thought_latency("gemma2:27b", 2.76, 0)

    @pytest.mark.parametrize("wrong", range(3))
    def test_tells_nonsense(llm_telemetry, wrong):
        assert not llm_telemetry.models.log("LOAD_LATENCY", "gemma2:27b", -1.0)
"""


def stored(suite: Suite) -> list[Any]:
    """Return the model events of the run."""
    with open_store(suite.path / STORE, create=False) as store:
        return store.models(store.latest_run_id() or "")


def test_what_tests_tell_is_stored_and_said(suite: Suite) -> None:
    """Whose it is, too; what cannot be kept is said once, and fails no test."""
    suite.write(TOLD)

    result = suite.run()

    result.assert_outcomes(passed=5)
    told = {
        (event.event_type, event.component): (event.phase_id, event.metadata)
        for event in stored(suite)
    }
    load_ms = told["LOAD_LATENCY", "phi4"][1].pop("load_time_ms")
    assert 0 <= load_ms < 60_000
    assert told == {
        ("LOAD_LATENCY", "gemma2:27b"): (
            "test_it.py::test_loads",
            {"model": "gemma2:27b", "load_time_ms": 6310.0},
        ),
        ("LOAD_LATENCY", "phi4"): ("test_it.py::test_loads", {"model": "phi4"}),
        ("THOUGHT_LATENCY", "gemma2:27b"): (
            "test_it.py::test_thinks",
            {
                "model": "gemma2:27b",
                "inference_time_ms": 2760.0,
                "tokens_generated": 120,
                "prompt_tokens": 41,
                "total_tokens": 161,
                "latency_per_token_ms": 23.0,
            },
        ),
    }
    result.stdout.fnmatch_lines(
        ["*3 faults while logging a model event: ModelEventError: LOAD_LATENCY: value is -1.0*"]
    )


def test_without_telemetry_nothing_is_stored(suite: Suite) -> None:
    """And each log says so; what is measured is measured all the same."""
    suite.write(
        """
        def test_it(llm_telemetry):
            models = llm_telemetry.models
            assert not models.log_load_latency("gemma2:27b", 6.31)
            assert 0 <= models.measure_latency(models.start_timer()) < 60
        """
    )

    suite.run(telemetry=False).assert_outcomes(passed=1)

    assert not (suite.path / STORE).exists()


def test_simulated_time_is_measured_and_not_stored(suite: Suite) -> None:
    """It passes for the test, not for a model."""
    suite.write(
        """
        import time

        def test_it(llm_telemetry):
            models = llm_telemetry.models
            start = models.start_timer()
            with models.timer().load("gemma2:27b") as load:
                time.sleep(3600)
            assert 3600 <= models.measure_latency(start) < 3700
            assert 3600 <= load.seconds < 3700
            assert not load.is_stored
        """
    )

    suite.run("--llm-clock=virtual").assert_outcomes(passed=1)

    assert stored(suite) == []
