"""The summary as JSON."""

from __future__ import annotations

import json

from tests.unit.reports.sample_run import CHAT, LLAMA, UNPRICED, attempt, sample_run

from understudy.reports import FORMAT_VERSION, summarise, summary_as_json

FIGURES = {
    "calls",
    "attempts",
    "errors",
    "failed_calls",
    "cancelled",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
    "calls_without_usage",
    "cost",
    "ttfc_ms",
    "duration_ms",
    "call_ms",
}


def test_keys_are_stable() -> None:
    """A reader may rely on them as long as the format's number stays."""
    data = summary_as_json(summarise(sample_run()))

    assert data["format"] == FORMAT_VERSION == 1
    assert set(data) == {
        "format",
        "totals",
        "origins",
        "spent",
        "saved",
        "models",
        "tests",
        "fixtures",
        "outside",
        "unpriced",
        "without_usage",
        "estimated_calls",
        "estimates",
    }
    assert set(data["totals"]) == FIGURES
    assert set(data["outside"]) == FIGURES
    assert set(data["models"][0]) == FIGURES | {"provider", "model"}
    assert set(data["tests"][0]) == FIGURES | {"name", "worker", "reruns"}
    assert set(data["fixtures"][0]) == FIGURES | {"name", "worker", "reruns"}


def test_figures_are_numbers() -> None:
    """Nothing is rounded or formatted."""
    data = summary_as_json(summarise([attempt(1)]))

    assert data["totals"] == {
        "calls": 1,
        "attempts": 1,
        "errors": 0,
        "failed_calls": 0,
        "cancelled": 0,
        "input_tokens": 1_200,
        "output_tokens": 300,
        "cache_read_tokens": None,
        "cache_write_tokens": None,
        "reasoning_tokens": None,
        "calls_without_usage": 0,
        "cost": {"usd": 0.006, "nanousd": 6_000_000, "unpriced_calls": 0},
        "ttfc_ms": {"p50": 320.0, "p95": 320.0, "measured": True},
        "duration_ms": {"p50": 850.0, "p95": 850.0, "measured": True},
        "call_ms": 850.0,
    }
    assert data["tests"][0]["name"] == CHAT
    assert data["saved"] is None
    assert data["outside"] is None


def test_unknown_is_null() -> None:
    """An unpriced run has no cost of 0."""
    event = attempt(1, **(UNPRICED | LLAMA | {"ttfc_ms": None}))

    data = summary_as_json(summarise([event], why_unpriced=lambda _: "no list"))

    assert data["totals"]["cost"] == {"usd": None, "nanousd": None, "unpriced_calls": 1}
    assert data["totals"]["ttfc_ms"] is None
    assert data["unpriced"] == [{"model": "llama3", "calls": 1, "reason": "no list"}]


def test_is_json() -> None:
    """Whatever is in it, the standard library can write it."""
    data = summary_as_json(summarise(sample_run()))

    assert json.loads(json.dumps(data, allow_nan=False)) == data
