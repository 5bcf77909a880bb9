"""What a gateway shows to who looks."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.answering import APIS
from tests.support.gateways import Got, ask

from understudy.analytics.costs import CostSettings
from understudy.clock import RealClock
from understudy.gateway import Addresses, Gateway, Pages, StorePages, router_page
from understudy.prometheus import Exposition, StoreGauges, new_registry
from understudy.routing import Registry, Router
from understudy.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

NOTHING: dict[str, Any] = {"prediction": None, "trends": None, "budget": None, "alerts": []}


class _Provider:
    name = "p"

    def complete(self, body: Any, *, timeout: float) -> Any:
        """Say something."""
        return {"choices": [{"message": {"content": "x"}}], "usage": {"prompt_tokens": 1}}

    def stream(self, body: Any, *, timeout: float) -> Any:
        """Say nothing."""


def _shown(
    location: str | None,
    path: str,
    *,
    router: Router | None = None,
    settings: CostSettings | None = None,
    **more: Any,
) -> Got:
    stored, registry = StorePages(location, settings or CostSettings()), new_registry("a test")
    registry.register(StoreGauges(stored.footprint))
    pages = {**stored.pages(), "/v1/router/metrics": router_page(router)}
    own = (Pages(pages, Exposition(registry, now=RealClock().now)),)
    gateway = Gateway(Addresses(APIS), None, own=own, note=pytest.fail)
    return asyncio.run(ask(gateway, path, **{"method": "GET", **more}))


@pytest.mark.parametrize("location", [None, "not/there/yet.db"])
def test_without_anything_stored_what_is_unknown_is_null(location: str | None) -> None:
    """And nothing is an error."""
    for path, expected in (
        ("/v1/costs", NOTHING),
        ("/v1/costs/prediction", {"prediction": None}),
        ("/v1/costs/alerts", {"alerts": []}),
        ("/telemetry/footprint", {"footprint": None}),
    ):
        got = _shown(location, path)
        assert (got.status, json.loads(got.body)) == (200, expected)
        assert got.headers["cache-control"] == "no-store"


def test_what_is_stored_is_shown(tmp_path: Path) -> None:
    """In the words of the command line; budgets as they are set."""
    location = str(tmp_path / "calls.db")
    open_store(location).close()
    settings = CostSettings(monthly_usd=20)

    costs = json.loads(_shown(location, "/v1/costs", settings=settings).body)
    footprint = json.loads(_shown(location, "/telemetry/footprint").body)["footprint"]
    metrics = _shown(location, "/metrics")

    assert costs["budget"] == {"daily_usd": None, "monthly_usd": 20.0}
    assert costs["alerts"] == []
    assert costs["trends"]
    assert costs["prediction"] is not None
    assert footprint["total_rows"] == 0
    assert metrics.headers["content-type"].startswith("text/plain")
    assert b"llm_store_bytes" in metrics.body


def test_a_router_is_shown() -> None:
    """Zeros and null without one."""
    router = Router([_Provider()], Registry({"m": "p"}))
    router.complete({"model": "m", "messages": []})

    without = json.loads(_shown(None, "/v1/router/metrics").body)
    told = json.loads(_shown(None, "/v1/router/metrics", router=router).body)

    assert (without["total_calls"], without["hit_rate"], without["router"]) == (0, None, None)
    assert (told["total_calls"], told["router"]["in_flight"]) == (1, 0)
    assert told["router"]["providers"]["p"]["state"] == "closed"


def test_it_can_only_be_looked_at(tmp_path: Path) -> None:
    """Other verbs are refused; a store that cannot be read is said to be so."""
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database" * 100)

    posted = _shown(None, "/metrics", method="POST")
    unread = _shown(str(broken), "/v1/costs")

    assert (posted.status, posted.headers["allow"]) == (405, "GET, HEAD")
    assert unread.status == 503
    assert "broken.db" in json.loads(unread.body)["error"]["message"]
