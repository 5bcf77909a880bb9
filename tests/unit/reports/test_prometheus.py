"""The calls of a run as metrics."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.reports.sample_run import NO_USAGE, REFUSED, UNPRICED, attempt, sample_run

from understudy.reports import summarise
from understudy.reports.prometheus import run_metrics
from understudy.routing import FailureKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from understudy.events import CallEvent

pytest.importorskip("prometheus_client")
GPT = {"provider": "openai", "model": "gpt-4o-2024-08-06"}
SONNET = {"provider": "anthropic", "model": "claude-sonnet-4-5-20250929"}


def samples(attempts: Sequence[CallEvent]) -> list[Any]:
    text = run_metrics(attempts).decode()
    parser: Any = import_module("prometheus_client.parser")
    families = parser.text_string_to_metric_families(text)
    return [sample for family in families for sample in family.samples]


def value(attempts: Sequence[CallEvent], name: str, labels: Mapping[str, str]) -> float | None:
    found = [each.value for each in samples(attempts) if (each.name, each.labels) == (name, labels)]
    return found[0] if found else None


def test_a_run_is_its_summary() -> None:
    """The sums over all series are those that people read."""
    run = sample_run()
    summary, told = summarise(run), samples(run)

    def total(name: str) -> Any:
        return sum(each.value for each in told if each.name == name)

    assert summary.spent is not None
    assert summary.saved is not None
    assert total("llm_requests_total") == summary.totals.calls
    assert total("llm_cost_usd_total") == total("llm_cost_usd") == (summary.spent.value or 0) / 1e9
    assert total("llm_saved_usd_total") == (summary.saved.value or 0) / 1e9
    assert total("llm_unpriced_requests_total") == 2
    assert total("llm_provider_errors_total") == summary.totals.errors


def test_replayed_calls_are_hits() -> None:
    """Those that a provider or a mock answered passed the cache by."""
    run = sample_run()
    for status, count in (("hit", 1), ("bypass", 1)):
        labels = {**SONNET, "agent_id": "", "cache_status": status}
        assert value(run, "llm_requests_total", labels) == count
    assert value(run, "llm_cache_hit_rate", {"agent_id": ""}) == 1 / 7


def test_a_retried_call_is_one_request_of_all_its_attempts() -> None:
    """Its duration too; only who answered is measured."""
    run = [
        attempt(1, call_id="c", **REFUSED, error_type="rate_limit_error"),
        attempt(2, call_id="c", attempt=2),
        attempt(3, origin="mocked"),
    ]
    assert value(run, "llm_request_duration_seconds_sum", GPT) == pytest.approx(0.88)
    assert value(run, "llm_request_duration_seconds_count", GPT) == 1
    assert value(run, "llm_retries_total", {"provider": "openai", "reason": "rate_limit"}) == 1


@pytest.mark.parametrize(
    ("status", "error_type", "reason"),
    [
        (401, "authentication_error", "auth"),
        (404, None, "bad_request"),
        (408, None, "server"),
        (529, "overloaded_error", "server"),
        (None, "ReadTimeout", "timeout"),
        (None, "ConnectError", "connection"),
        (200, "IncompleteRead", "unknown"),
    ],
)
def test_reasons_are_those_of_a_router(
    status: int | None, error_type: str | None, reason: str
) -> None:
    """So that one dashboard shows both."""
    failed = {**REFUSED, "http_status": status, "error_type": error_type}
    run = [attempt(1, call_id="c", **failed), attempt(2, call_id="c", attempt=2)]

    assert reason in set(FailureKind)
    assert value(run, "llm_retries_total", {"provider": "openai", "reason": reason}) == 1


def test_nothing_unknown_is_told() -> None:
    """No price is no cost of 0; a call without a name is `unknown`; a run may have no calls."""
    assert samples([]) == []
    assert value([attempt(1, **UNPRICED)], "llm_cost_usd_total", GPT) is None
    nameless = {"provider": None, "request_model": None, "response_model": None}
    lost = attempt(1, **{**NO_USAGE, **nameless, "origin": None, "status": "error"})
    told = samples([lost])
    assert {"unknown"} == {each.labels["model"] for each in told if "model" in each.labels}
    assert not [each for each in told if each.name.startswith(("llm_cost", "llm_unpriced"))]
