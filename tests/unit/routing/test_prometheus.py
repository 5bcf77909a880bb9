"""Figures of a router in a registry of prometheus-client."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from tests.unit.routing.stand_ins import StandIn, answer, ask, chunks, make_router

from understudy.routing import (
    AllFailedError,
    FailoverPolicy,
    PrometheusMetrics,
    ProviderError,
    RetryPolicy,
    RouterConfigError,
)

client = pytest.importorskip("prometheus_client")


def watched(*providers: Any, **more: Any) -> tuple[Any, Any]:
    registry = client.CollectorRegistry()
    metrics = PrometheusMetrics(registry)
    router = make_router(*providers, callbacks=metrics.callbacks, **more)
    metrics.watch(router)
    return router, registry.get_sample_value


def test_requests_are_counted_by_who_answered_and_how() -> None:
    """With their tokens and their money; what took an answer that was there saved it."""
    router, value = watched(StandIn("openai"))
    router.complete(ask(), agent="w")
    router.complete(ask(), agent="w")

    by = {"provider": "openai", "model": "gpt-4o"}
    for status in ("hit", "miss"):
        labels = {**by, "agent_id": "w", "cache_status": status}
        assert value("llm_requests_total", labels) == 1
    assert value("llm_tokens_total", {**by, "type": "prompt"}) == 1000
    assert value("llm_tokens_total", {**by, "type": "completion"}) == 500
    assert value("llm_cost_usd_total", by) == pytest.approx(0.0075)
    assert value("llm_saved_usd_total", by) == pytest.approx(0.0075)
    assert value("llm_request_duration_seconds_count", by) == 1
    assert value("llm_cache_hit_rate", {"agent_id": "w"}) == 0.5


def test_failures_are_counted_by_provider() -> None:
    """Retries, failovers and breakers, too; a request that failed is a miss."""
    bad = ProviderError("no", status=500)
    router, value = watched(
        StandIn("a", bad, bad, answer(), bad),
        StandIn("b", bad),
        registry={"*": "a"},
        failover=FailoverPolicy(order=("b",)),
        retry=RetryPolicy(retries=1, base_seconds=0),
    )
    with pytest.raises(AllFailedError):
        router.complete(ask())

    assert value("llm_provider_errors_total", {"provider": "a"}) == 2
    assert value("llm_retries_total", {"provider": "a", "reason": "server"}) == 1
    assert value("llm_failovers_total", {"from": "a", "to": "b"}) >= 1
    assert value("llm_breaker_state", {"provider": "a"}) == 0
    assert (value("llm_in_flight"), value("llm_waiting")) == (0, 0)
    lost = {"provider": "none", "model": "other", "agent_id": "", "cache_status": "miss"}
    assert value("llm_requests_total", lost) == 1
    assert value("llm_cache_hit_rate", {"agent_id": ""}) == 0


def test_what_is_unknown_is_not_counted_as_nothing() -> None:
    """Without usage there is no cost of 0, and there are no tokens of 0."""
    silent = {key: each for key, each in answer().items() if key != "usage"}
    router, value = watched(StandIn("openai", silent))
    router.complete(ask())

    by = {"provider": "openai", "model": "gpt-4o"}
    assert value("llm_cost_usd_total", by) is None
    assert value("llm_tokens_total", {**by, "type": "prompt"}) is None
    assert value("llm_unpriced_requests_total", by) == 1


def test_streams_tell_their_first_content() -> None:
    """Answers that were kept do not: nobody waited for a provider."""
    router, value = watched(StandIn("openai", chunks("a", "b")))
    for _ in range(2):
        assert list(router.stream(ask()))

    by = {"provider": "openai", "model": "gpt-4o"}
    assert value("llm_stream_first_content_seconds_count", by) == 1
    assert value("llm_request_duration_seconds_count", by) == 1


def test_warming_costs_and_is_no_request() -> None:
    """As in the router's own counters; what was kept already was saved by nobody."""
    router, value = watched(StandIn("openai"))
    for _ in range(2):
        router.warm([ask()])
    router.complete(ask())

    by = {"provider": "openai", "model": "gpt-4o"}
    assert value("llm_cost_usd_total", by) == pytest.approx(0.0075)
    assert value("llm_saved_usd_total", by) == pytest.approx(0.0075)
    labels = {**by, "agent_id": "", "cache_status": "miss"}
    assert value("llm_requests_total", labels) is None
    assert value("llm_cache_hit_rate", {"agent_id": ""}) == 1


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """A router that is wanted to be counted is set up wrongly then."""
    monkeypatch.setitem(sys.modules, "prometheus_client", None)

    with pytest.raises(RouterConfigError, match="needs prometheus-client: pip install"):
        PrometheusMetrics(object())


def test_a_registry_takes_one_router() -> None:
    """Two would show each name twice, which no server takes."""
    registry = client.CollectorRegistry()
    PrometheusMetrics(registry)

    with pytest.raises(ValueError, match="uplicated"):
        PrometheusMetrics(registry)
