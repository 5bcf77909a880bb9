"""What a gateway shows: costs, how large the store is, what the router does, and metrics."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..analytics.alerts import spend_alerts
from ..analytics.costs import HISTORY_DAYS, forecast, look_at_budgets, period_of, trends_of
from ..clock import utc_now
from ..errors import StoreError
from ..reports.costs import forecast_as_json, spend_trends_as_json
from ..reports.models import alert_as_json
from ..routing import Counters
from ..store import footprint_as_json, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..analytics.costs import CostSettings
    from ..prometheus import Exposition
    from ..routing import Router
    from ..store import Store
    from ._wire import Exchange

METRICS: Final = "/metrics"
_READ: Final = frozenset({"GET", "HEAD"})


class Pages:
    """Answers GET at some paths with JSON that is made anew, and at `/metrics` with metrics.

    `pages` make what is shown, aside from the event loop.
    """

    def __init__(self, pages: Mapping[str, Callable[[], Any]], metrics: Exposition) -> None:
        self._pages = pages
        self._metrics = metrics

    def takes(self, path: str) -> bool:
        """Tell whether a path is one of these."""
        return path == METRICS or path in self._pages

    async def handle(self, exchange: Exchange, _test: str, path: str) -> None:
        """Show the page."""
        if exchange.method not in _READ:
            error = {"error": {"message": f"this takes GET, not {exchange.method}."}}
            await exchange.respond_json(error, 405, allow="GET, HEAD")
        elif path == METRICS:
            accept = exchange.headers.get("accept", "")
            page = await asyncio.to_thread(self._metrics.render, accept)
            await exchange.respond(200, [("content-type", page.content_type)], page.body)
        else:
            try:
                found = await asyncio.to_thread(self._pages[path])
            except StoreError as error:
                told = {"error": {"message": str(error)}}
                await exchange.respond_json(told, 503, cache_control="no-store")
            else:
                await exchange.respond_json(found, cache_control="no-store")


class StorePages:
    """What the store tells of costs and of itself; null where there is none, or none yet.

    `location` is a path or a URL, None where nothing is stored.
    """

    def __init__(self, location: str | None, settings: CostSettings) -> None:
        self._location = location
        self._settings = settings

    def pages(self) -> dict[str, Callable[[], Any]]:
        """Return the pages by their paths."""
        return {
            "/v1/costs": self.costs,
            "/v1/costs/prediction": lambda: {"prediction": self._of(self._prediction)},
            "/v1/costs/alerts": lambda: {"alerts": self._of(self._alerts) or []},
            "/telemetry/footprint": lambda: {"footprint": self._of(_footprint_of)},
        }

    def costs(self) -> dict[str, Any]:
        """Return prediction, trends, budget and alerts together."""
        budget = self._settings
        amounts = {"daily_usd": budget.daily_usd, "monthly_usd": budget.monthly_usd}
        is_set = any(each is not None for each in amounts.values())
        told = {name: None if each is None else float(each) for name, each in amounts.items()}
        return {
            "prediction": self._of(self._prediction),
            "trends": self._of(self._trends),
            "budget": told if is_set else None,
            "alerts": self._of(self._alerts) or [],
        }

    def footprint(self) -> Any:
        """Return how large the store is.

        Raises:
            StoreError: there is none, or it cannot be read.
        """
        if self._location is None:
            msg = "nothing is stored"
            raise StoreError(msg)
        with open_store(self._location, create=False) as store:
            return store.footprint()

    def _of(self, read: Callable[[Store], Any]) -> Any:
        location = self._location
        if location is None or ("://" not in location and not Path(location).exists()):
            return None
        with open_store(location, create=False) as store:
            return read(store)

    def _prediction(self, store: Store) -> Any:
        now, settings = utc_now(), self._settings
        period = period_of("monthly", now, settings.zone)
        first = period.first - timedelta(days=HISTORY_DAYS)
        spending = store.spend_history.spending(settings.zone, first=first, last=period.after)
        budget = settings.monthly_nanousd
        found = forecast(spending, period=period, now=now, budget_nanousd=budget)
        return forecast_as_json(found)

    def _trends(self, store: Store) -> Any:
        history = store.spend_history
        return spend_trends_as_json(trends_of(history.totals, now=utc_now(), since=history.since()))

    def _alerts(self, store: Store) -> Any:
        log, now = store.spend_alerts, utc_now()
        states = look_at_budgets(store.spend_history, log, self._settings, now=now)
        return [alert_as_json(each) for each in spend_alerts(states)]


def _footprint_of(store: Store) -> Any:
    return footprint_as_json(store.footprint())


def router_page(router: Router | None) -> Callable[[], Any]:
    """Return what shows the counters of a router: zeros, and null for its state, without one."""
    return partial(_router_page, router)


def _router_page(router: Router | None) -> dict[str, Any]:
    counters = Counters() if router is None else router.counters()
    state = None
    if router is not None:
        providers = {name: asdict(each) for name, each in router.health().items()}
        state = {"providers": providers, **asdict(router.load())}
    return {**asdict(counters), "hit_rate": counters.hit_rate, "router": state}
