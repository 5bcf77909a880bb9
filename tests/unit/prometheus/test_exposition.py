"""The text that a server scrapes."""

from __future__ import annotations

import json
import logging
import re
import shutil
import subprocess
from datetime import UTC, datetime
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.services import needed
from tests.unit.prometheus.test_requests import HIT, PAID, registered
from tests.unit.routing.stand_ins import StandIn, ask, make_router

from understudy.prometheus import (
    Exposition,
    RequestFigures,
    StoreGauges,
    classic_text,
    dashboard,
    new_registry,
)
from understudy.routing import PrometheusMetrics
from understudy.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

client = pytest.importorskip("prometheus_client")
OPENMETRICS = OPEN = "application/openmetrics-text; version=1.0.0"
CLASSIC = "text/plain; version=0.0.4"


def everything() -> Any:
    figures, registry = registered(PAID, HIT, PAID._replace(first_content_s=0.2), genai=True)
    figures.count_lost("none", "gpt-4o", "")
    figures.add_error("openai")
    figures.add_retry("openai", "server")
    figures.add_failover("openai", "azure")
    store = SimpleNamespace(
        size_bytes=4096, rows={"telemetry": 7}, oldest=datetime(2026, 3, 14, tzinfo=UTC)
    )
    registry.register(StoreGauges(lambda: store))
    return registry


def routed(store: Any) -> Any:
    """Return the metrics of a router that was asked, and of a real store."""
    registry = new_registry()
    metrics = PrometheusMetrics(registry)
    router = make_router(StandIn("openai"), callbacks=metrics.callbacks)
    metrics.watch(router)
    router.complete(ask())
    registry.register(StoreGauges(store.footprint))
    return registry


def page(registry: Any, accept: str = "") -> str:
    return Exposition(registry, now=lambda: 0.0).render(accept).body.decode()


def families(text: str, *, is_open: bool = False) -> dict[str, Any]:
    """Parse as strictly as the client can; the bare name of the cost wins over the counter's."""
    return {family.name: family for family in parse(text, is_open=is_open)}


def parse(text: str, *, is_open: bool) -> list[Any]:
    name = "prometheus_client.openmetrics.parser" if is_open else "prometheus_client.parser"
    return list(import_module(name).text_string_to_metric_families(text))


def test_the_six_metrics_have_their_names_and_labels() -> None:
    """In the classic text, and in OpenMetrics."""
    expected = {
        "llm_requests_total": {"provider", "model", "agent_id", "cache_status"},
        "llm_request_duration_seconds_count": {"provider", "model"},
        "llm_cache_hit_rate": {"agent_id"},
        "llm_cost_usd_total": {"provider", "model"},
        "llm_tokens_total": {"type", "provider", "model"},
        "llm_provider_errors_total": {"provider"},
    }
    for accept, is_open in (("", False), (OPENMETRICS, True)):
        told = parse(page(everything(), accept), is_open=is_open)
        samples = {each.name: set(each.labels) for family in told for each in family.samples}
        assert {name: samples[name] for name in expected} == expected


def test_the_cost_has_its_bare_name_in_the_classic_text() -> None:
    """OpenMetrics allows no second family of that name."""
    assert 'llm_cost_usd{model="gpt-4o",provider="openai"} 0.015\n' in page(everything())
    assert "# TYPE llm_cost_usd untyped\n" in page(everything())
    text = page(everything(), OPENMETRICS)
    assert "\nllm_cost_usd{" not in text
    assert text.count("# TYPE llm_cost_usd ") == 1


def test_no_series_says_when_it_was_created() -> None:
    """That would double them."""
    assert "_created" not in page(everything()) + page(everything(), OPENMETRICS)


@given(value=st.text(max_size=300), agent=st.text(max_size=20))
def test_any_name_is_a_label(value: str, agent: str) -> None:
    """Quotes, ends of lines, halves of characters: nothing breaks the page or adds a line."""
    hostile = PAID._replace(provider=value, model=value, agent_id=agent)
    _, registry = registered(hostile)
    for accept, is_open in (("", False), (OPENMETRICS, True)):
        told = families(page(registry, accept), is_open=is_open)
        (sample,) = told["llm_requests"].samples
        assert sample.value == 1
        assert len(sample.labels["model"]) <= 128


def test_a_label_cannot_write_a_line_of_its_own() -> None:
    """A model's name is somebody else's word."""
    name = 'x"} 1\nllm_cost_usd_total{provider="openai",model="y"} 9'
    _, registry = registered(PAID._replace(model=name))

    assert len(families(page(registry))["llm_requests"].samples) == 1
    assert "} 9\n" not in page(registry)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*", OPEN),
        (
            "text/plain;version=0.0.4;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5",
            CLASSIC,
        ),
        ("application/openmetrics-text; version=abc; escaping=x", OPEN),
        ("application/openmetrics-text;q=nonsense", CLASSIC),
        ("text/html, */*;q=0.8", CLASSIC),
        ("", CLASSIC),
    ],
)
def test_who_asks_chooses_the_format(accept: str, expected: str) -> None:
    """By what it prefers; nothing that it writes there is an error or comes back."""
    told = Exposition(registered(PAID)[1], now=lambda: 0.0).render(accept)

    assert told.body.endswith(b"# EOF\n") == (expected == OPEN)
    assert told.content_type == f"{expected}; charset=utf-8"


def test_a_page_is_kept_for_a_second() -> None:
    """For each format."""
    now = [0.0]
    figures, registry = registered(PAID)
    exposition = Exposition(registry, now=lambda: now[0])

    first = exposition.render()
    figures.count(PAID)
    assert exposition.render() is first
    assert exposition.render(OPENMETRICS).content_type.startswith("application/openmetrics-text")
    now[0] = 1.0
    assert 'llm_cost_usd_total{model="gpt-4o",provider="openai"} 0.015' in (
        exposition.render().body.decode()
    )
    assert first.content_type == "text/plain; version=0.0.4; charset=utf-8"


def test_a_store_that_cannot_be_read_fails_no_scrape(caplog: pytest.LogCaptureFixture) -> None:
    """It is said once."""

    def broken() -> Any:
        msg = "disk I/O error"
        raise OSError(msg)

    _, registry = registered(PAID)
    registry.register(StoreGauges(broken))

    with caplog.at_level(logging.WARNING, logger="understudy.prometheus"):
        told = [families(page(registry)) for _ in range(2)]
    assert told[1]["llm_cost_usd"].samples
    assert told[1]["llm_store_bytes"].samples == []
    assert len(caplog.records) == 1


def test_names_are_taken_once() -> None:
    """Two routers on one registry would write each name twice."""
    registry = new_registry()
    registry.register(RequestFigures())

    with pytest.raises(ValueError, match="uplicated"):
        registry.register(RequestFigures())


def test_a_router_and_a_store_are_on_one_page(tmp_path: Path) -> None:
    """In both formats."""
    with open_store(tmp_path / "telemetry.db") as store:
        registry = routed(store)
        for accept, is_open in (("", False), (OPENMETRICS, True)):
            told = families(page(registry, accept), is_open=is_open)
            assert told["llm_breaker_state"].samples[0].value == 0
            assert told["llm_store_bytes"].samples[0].value > 0
            assert told["llm_store_oldest_timestamp_seconds"].samples == []


def test_promtool_has_nothing_to_say(tmp_path: Path) -> None:
    """Neither of what there is nor of what there is not."""
    program = needed("promtool", shutil.which("promtool"))
    with open_store(tmp_path / "telemetry.db") as store:
        router_text = classic_text(routed(store))
    for text in (classic_text(everything()), classic_text(registered()[1]), router_text):
        checked = subprocess.run(
            [program, "check", "metrics"],
            input=text,
            capture_output=True,
            check=False,
        )
        assert (checked.returncode, checked.stdout + checked.stderr) == (0, b"")


def test_the_dashboard_names_what_there_is() -> None:
    """And nothing else; each metric of the first set is shown."""
    gauges = client.CollectorRegistry()
    described = [*everything().collect(), *PrometheusMetrics(gauges).describe()]
    ours = {family.name for family in described if family.name.startswith("llm_")}
    panels = json.loads(dashboard())["panels"]
    queries = " ".join(target["expr"] for panel in panels for target in panel["targets"])
    shown = set(re.findall(r"llm_\w+", queries))

    assert shown <= {name for family in described for name in spelled(family)}
    assert {re.sub(r"_(total|bucket)$", "", name) for name in shown} == ours
    labels = {label for f in described for sample in f.samples for label in sample.labels}
    grouped = {
        each.strip() for by in re.findall(r"by \(([^)]*)\)", queries) for each in by.split(",")
    }
    assert grouped <= labels


def spelled(family: Any) -> set[str]:
    """Return the names under which a family is queried."""
    if family.type == "counter":
        return {f"{family.name}_total"}
    if family.type == "histogram":
        return {f"{family.name}_{part}" for part in ("bucket", "count", "sum")}
    return {family.name}
