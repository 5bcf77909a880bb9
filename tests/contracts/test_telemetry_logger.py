"""A logger does the same on a server as in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.postgres_server import PASSWORD

from understudy import TelemetryLogger

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_logger_reads_what_it_logged_on_a_server(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its journal is in the folder where the program runs."""
    monkeypatch.chdir(tmp_path)

    with TelemetryLogger(postgres_url) as logger:
        assert logger.log_thought_latency("m", 1.0, 100)
        assert logger.log_load_latency("m", 4.0)
        efficiency = logger.get_aggregated_efficiency()
        statistics = logger.get_60day_statistics()
        footprint = logger.get_telemetry_footprint()

    assert logger.faults == []
    figures = {"component": "m", "source": "told", "weighted_ms_per_token": 10.0}
    figures |= {"tokens": 100, "samples": 1}
    assert efficiency["models"] == [figures]
    (bucket,) = efficiency["buckets"]
    assert figures.items() <= bucket.items()
    (trend,) = statistics["model_trends"]
    assert figures.items() <= trend.items()
    assert trend["load_seconds"] == 4.0
    (rows,) = [each["rows"] for each in footprint["table_sizes"] if each["table"] == "model_events"]
    assert rows == 2
    assert footprint["total_bytes"] > 0


def test_a_server_that_takes_nobody_is_false(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said of it holds no password."""
    monkeypatch.chdir(tmp_path)

    with TelemetryLogger(postgres_url.replace(PASSWORD, "n0-secret")) as logger:
        assert not logger.log_load_latency("m", 4.0)

    assert "while opening the store" in logger.faults[0]
    assert "n0-secret" not in logger.faults[0]
