"""Figures of a router for Prometheus, in a registry that is given. Needs prometheus-client."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from ._callbacks import Callbacks
from ._errors import RouterConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ._admission import Load
    from ._answers import Answer, Attempt
    from ._health import ProviderHealth

_BUCKETS: Final = (0.1, 0.5, 1, 2, 5, 10, 30, 60)
_NANO: Final = 1e9
_MOST_AGENTS: Final = 100
_MOST_MODELS: Final = 200
#: The label of names beyond those; names come from requests, and each would be a series.
OTHER: Final = "other"
_STATES: Final = {"closed": 0, "half_open": 1, "open": 2}


class Watched(Protocol):
    """What a router tells when it is looked at."""

    def health(self) -> Mapping[str, ProviderHealth]:
        """Return how the providers are."""

    def load(self) -> Load:
        """Return how busy it is."""


class _Series(NamedTuple):
    """The series that an answer adds to, held: looking them up takes longer than adding."""

    requests: Any
    duration: Any
    cost: Any
    saved: Any
    prompt: Any
    completion: Any


class Names:
    """Lets so many names be labels; the others are one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: set[str] = set()

    def label(self, name: str) -> str:
        """Return the label of a name."""
        if name not in self._known:
            if len(self._known) >= self._most:
                return OTHER
            self._known.add(name)
        return name


class PrometheusMetrics:
    """Counts what a router does: give its `callbacks` to the router, then let it `watch` that.

    Args:
        registry: of prometheus-client.

    Raises:
        RouterConfigError: prometheus-client is not installed.
    """

    def __init__(self, registry: Any) -> None:
        try:
            import prometheus_client as client  # noqa: PLC0415 - only who wants figures needs it
        except ImportError:
            msg = "metrics need prometheus-client: pip install 'pytest-understudy[router]'"
            raise RouterConfigError(msg) from None
        by_model = ("provider", "model")

        def counter(name: str, text: str, *labels: str) -> Any:
            return client.Counter(name, text, labels, registry=registry)

        labels = ("provider", "model", "agent_id", "cache_status")
        self._requests = counter("llm_requests_total", "Requests, those that failed too.", *labels)
        self._duration = client.Histogram(
            "llm_request_duration_seconds",
            "Duration of requests that a provider answered.",
            by_model,
            buckets=_BUCKETS,
            registry=registry,
        )
        self._cost = counter("llm_cost_usd", "What was spent.", *by_model)
        self._saved = counter("llm_saved_usd", "What kept and shared answers saved.", *by_model)
        self._tokens = counter("llm_tokens_total", "Tokens that were paid.", "type", *by_model)
        self._errors = counter("llm_provider_errors_total", "Attempts that failed.", "provider")
        self._retries = counter("llm_retries_total", "Attempts after others.", "provider", "reason")
        self._failovers = counter("llm_failovers_total", "Changes of provider.", "from", "to")
        self._lock = Lock()
        self._held: dict[tuple[str, str, str, str], _Series] = {}
        self._agents: dict[str, list[int]] = {}
        self._names, self._models = Names(_MOST_AGENTS), Names(_MOST_MODELS)
        self._watched: Watched | None = None
        registry.register(self)

    @property
    def callbacks(self) -> Callbacks:
        """What the router is given."""
        return Callbacks(
            on_attempt=self._on_attempt,
            on_answer=self._on_answer,
            on_failover=lambda before, after, _: self._failovers.labels(before, after).inc(),
            on_failure=lambda agent, model, _: self._on_failure(agent, model),
        )

    def watch(self, router: Watched) -> None:
        """Show the state of this router whenever somebody looks."""
        self._watched = router

    def describe(self) -> list[Any]:
        """Return nothing: what is shown depends on the router."""
        return []

    def collect(self) -> Iterator[Any]:
        """Yield the gauges, as they are now."""
        from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 - as above

        rate = GaugeMetricFamily(
            "llm_cache_hit_rate",
            "Requests that took an answer that was there.",
            labels=["agent_id"],
        )
        with self._lock:
            counted = {agent: tuple(told) for agent, told in self._agents.items()}
        for agent, (hits, total) in counted.items():
            rate.add_metric([agent], hits / total)
        yield rate
        if self._watched is None:
            return
        state = GaugeMetricFamily(
            "llm_breaker_state", "0 closed, 1 half open, 2 open.", labels=["provider"]
        )
        for name, health in self._watched.health().items():
            state.add_metric([name], _STATES[health.state])
        yield state
        load = self._watched.load()
        yield GaugeMetricFamily("llm_in_flight", "Requests with providers.", load.in_flight)
        yield GaugeMetricFamily("llm_waiting", "Requests that wait to be sent.", load.waiting)

    def _on_answer(self, answer: Answer) -> None:
        series = self._series(answer.provider, answer.model, answer.agent, answer.cache)
        series.requests.inc()
        completion, usage = answer.completion, answer.completion.usage
        if answer.is_paid:
            series.duration.observe(answer.duration_ms / 1000)
            series.prompt.inc(usage.input_tokens or 0)
            series.completion.inc(usage.output_tokens or 0)
            series.cost.inc((completion.cost_nanousd or 0) / _NANO)
        else:
            series.saved.inc((completion.cost_nanousd or 0) / _NANO)
        self._count(answer.agent, is_hit=not answer.is_paid)

    def _on_failure(self, agent: str, model: str) -> None:
        self._series("none", model, agent, "miss").requests.inc()
        self._count(agent, is_hit=False)

    def _on_attempt(self, attempt: Attempt) -> None:
        if attempt.at_provider > 1:
            self._retries.labels(attempt.provider, attempt.reason or "unknown").inc()
        if attempt.outcome not in {"ok", "cancelled"}:
            self._errors.labels(attempt.provider).inc()

    def _count(self, agent: str, *, is_hit: bool) -> None:
        with self._lock:
            told = self._agents.setdefault(self._names.label(agent), [0, 0])
            told[0] += is_hit
            told[1] += 1

    def _series(self, provider: str, model: str, agent: str, status: str) -> _Series:
        key = (provider, model, agent, status)
        held = self._held.get(key)
        return held or self._new_series(*key)

    def _new_series(self, provider: str, model: str, agent: str, status: str) -> _Series:
        with self._lock:
            model_label, agent_label = self._models.label(model), self._names.label(agent)
            series = _Series(
                self._requests.labels(provider, model_label, agent_label, status),
                self._duration.labels(provider, model_label),
                self._cost.labels(provider, model_label),
                self._saved.labels(provider, model_label),
                self._tokens.labels("prompt", provider, model_label),
                self._tokens.labels("completion", provider, model_label),
            )
            if OTHER not in {model_label, agent_label}:  # else names would pile up here
                self._held[provider, model, agent, status] = series
            return series
