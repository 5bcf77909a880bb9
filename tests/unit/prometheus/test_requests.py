"""What is counted of requests, and how much room that takes."""

from __future__ import annotations

import tracemalloc
from threading import Thread
from typing import Any

import pytest

from understudy.prometheus import OTHER, Request, RequestFigures

client = pytest.importorskip("prometheus_client")
PAID = Request(
    provider="openai",
    model="gpt-4o",
    agent_id="writer",
    cache_status="miss",
    is_paid=True,
    duration_s=0.5,
    input_tokens=1000,
    output_tokens=500,
    cost_nanousd=7_500_000,
)
HIT = PAID._replace(cache_status="hit", is_paid=False, duration_s=None)
BY_MODEL = {"provider": "openai", "model": "gpt-4o"}


def registered(*requests: Request, genai: bool = False) -> tuple[RequestFigures, Any]:
    registry = client.CollectorRegistry()
    figures = RequestFigures(genai=genai)
    registry.register(figures)
    for request in requests:
        figures.count(request)
    return figures, registry


def series_of(registry: Any) -> int:
    return sum(len(family.samples) for family in registry.collect())


def test_spent_and_saved_are_two() -> None:
    """A hit costs nothing, whatever it would have cost; its tokens were not paid."""
    _, registry = registered(PAID, HIT, HIT)
    value = registry.get_sample_value

    assert value("llm_cost_usd_total", BY_MODEL) == 0.0075
    assert value("llm_saved_usd_total", BY_MODEL) == 0.015
    assert value("llm_tokens_total", {**BY_MODEL, "type": "prompt"}) == 1000
    assert value("llm_cache_hit_rate", {"agent_id": "writer"}) == 2 / 3


def test_a_bound_belongs_to_its_bucket() -> None:
    """`le` is less or equal."""
    _, registry = registered(PAID, PAID._replace(duration_s=61.0))
    name, value = "llm_request_duration_seconds", registry.get_sample_value

    found = {
        bound: value(f"{name}_bucket", {**BY_MODEL, "le": bound})
        for bound in ("0.1", "0.5", "1.0", "60.0", "+Inf")
    }
    assert found == {"0.1": 0, "0.5": 1, "1.0": 1, "60.0": 1, "+Inf": 2}
    assert value(f"{name}_sum", BY_MODEL) == 61.5


def test_the_second_set_has_the_names_of_the_conventions() -> None:
    """Only where it was asked for."""
    assert not [name for name in names_of(registered(PAID)[1]) if name.startswith("gen_ai")]
    _, registry = registered(PAID, genai=True)
    by = {
        "gen_ai_operation_name": "chat",
        "gen_ai_provider_name": "openai",
        "gen_ai_request_model": "gpt-4o",
    }

    value = registry.get_sample_value
    usage = {**by, "gen_ai_token_type": "input"}
    assert value("gen_ai_client_token_usage_sum", usage) == 1000
    assert value("gen_ai_client_token_usage_bucket", {**usage, "le": "1024.0"}) == 1
    assert value("gen_ai_client_token_usage_bucket", {**usage, "le": "256.0"}) == 0
    assert value("gen_ai_client_operation_duration_seconds_count", by) == 1


def names_of(registry: Any) -> set[str]:
    return {family.name for family in registry.collect()}


def test_names_are_bounded_and_nothing_is_lost() -> None:
    """Whoever sends new names with each request fills no memory; sums stay whole."""
    figures, registry = registered(
        *(
            PAID._replace(provider=f"p{n % 70}", model=f"m{n}", agent_id=f"a{n}")
            for n in range(3000)
        )
    )
    for n in range(3000):
        figures.count_lost("none", f"lost-{n}", "")
        figures.add_retry(f"p{n}", "server")

    families = {family.name: family.samples for family in registry.collect()}
    labels = [sample.labels for sample in families["llm_requests"]]
    assert len({each["model"] for each in labels}) <= 201
    assert len({each["agent_id"] for each in labels}) <= 102
    assert sum(sample.value for sample in families["llm_requests"]) == 6000
    assert sum(sample.value for sample in families["llm_cost_usd"]) == pytest.approx(22.5)
    assert sum(sample.value for sample in families["llm_retries"]) == 3000
    assert len(families["llm_retries"]) <= 1001
    assert {"provider": OTHER, "reason": OTHER} in [
        sample.labels for sample in families["llm_retries"]
    ]


def test_a_series_takes_about_100_bytes() -> None:
    """Ten kilobytes for all that has none."""
    client.CollectorRegistry().register(RequestFigures())  # what is loaded once
    requests = [
        PAID._replace(provider=f"p{n % 5}", model=f"m{n % 20}", agent_id=f"a{n % 37}")
        for n in range(740)
    ]
    requests += [each._replace(cache_status="hit", is_paid=False) for each in requests]
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        figures, registry = registered()
        empty = tracemalloc.get_traced_memory()[0] - before
        for _ in range(10):
            for request in requests:
                figures.count(request)
        taken = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()

    assert empty <= 10_000
    assert taken <= 10_000 + 100 * series_of(registry)


def test_threads_lose_no_request() -> None:
    """Twenty at once."""
    figures, registry = registered()

    def count() -> None:
        for _ in range(200):
            figures.count(PAID)

    threads = [Thread(target=count) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert registry.get_sample_value("llm_cost_usd_total", BY_MODEL) == 30
    assert registry.get_sample_value("llm_request_duration_seconds_count", BY_MODEL) == 4000


def test_figures_that_nobody_can_mean_break_nothing() -> None:
    """A counter never falls, and a provider may say anything."""
    mad = PAID._replace(input_tokens=-5, output_tokens=10**400, cost_nanousd=-1)
    _, registry = registered(mad, PAID)

    assert registry.get_sample_value("llm_tokens_total", {**BY_MODEL, "type": "prompt"}) == 1000
    assert registry.get_sample_value("llm_cost_usd_total", BY_MODEL) == 0.0075
