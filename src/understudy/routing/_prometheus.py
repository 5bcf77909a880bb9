"""Figures of a router for Prometheus, in a registry that is given. Needs prometheus-client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from ..errors import SettingsError
from ..prometheus import Request, RequestFigures, gauge, new_registry
from ._callbacks import Callbacks
from ._errors import RouterConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ._admission import Load
    from ._answers import Answer, Attempt
    from ._health import ProviderHealth

_STATES: Final = {"closed": 0, "half_open": 1, "open": 2}
_NOBODY: Final = "none"


class Watched(Protocol):
    """What a router tells when it is looked at."""

    def health(self) -> Mapping[str, ProviderHealth]:
        """Return how the providers are."""

    def load(self) -> Load:
        """Return how busy it is."""


class PrometheusMetrics:
    """Counts what a router does: give its `callbacks` to the router, then let it `watch` that.

    Args:
        registry: of prometheus-client.
        genai: count tokens and durations once more under the names of the GenAI conventions.

    Raises:
        RouterConfigError: prometheus-client is not installed.
        ValueError: the registry has such metrics already.
    """

    def __init__(self, registry: Any, *, genai: bool = False) -> None:
        try:
            new_registry("a router that is counted")
        except SettingsError as error:
            raise RouterConfigError(str(error)) from None
        self._figures = RequestFigures(genai=genai)
        self._watched: Watched | None = None
        registry.register(self._figures)
        registry.register(self)

    @property
    def callbacks(self) -> Callbacks:
        """What the router is given."""
        return Callbacks(
            on_attempt=self._on_attempt,
            on_answer=self._on_answer,
            on_failover=lambda before, after, _: self._figures.add_failover(before, after),
            on_failure=lambda agent, model, _: self._figures.count_lost(_NOBODY, model, agent),
        )

    def watch(self, router: Watched) -> None:
        """Show the state of this router whenever somebody looks."""
        self._watched = router

    def describe(self) -> list[Any]:
        """Return the families without series."""
        return list(_gauges())

    def collect(self) -> Iterator[Any]:
        """Yield the gauges, as they are now."""
        if self._watched is None:
            return
        state, in_flight, waiting = _gauges()
        for name, health in self._watched.health().items():
            state.add_metric([name], _STATES[health.state])
        load = self._watched.load()
        in_flight.add_metric((), load.in_flight)
        waiting.add_metric((), load.waiting)
        yield from (state, in_flight, waiting)

    def _on_answer(self, answer: Answer) -> None:
        completion, first = answer.completion, answer.first_content_ms
        is_paid = answer.is_paid
        count = self._figures.count
        if answer.is_warming:  # no request, and what it found was not saved by anybody
            if not is_paid:
                return
            count = self._figures.add
        count(
            Request(
                provider=completion.provider,
                model=completion.model,
                agent_id=answer.agent,
                cache_status=answer.cache,
                is_paid=is_paid,
                duration_s=answer.duration_ms / 1000 if is_paid else None,
                first_content_s=None if first is None else first / 1000,
                input_tokens=completion.usage.input_tokens,
                output_tokens=completion.usage.output_tokens,
                cost_nanousd=completion.cost_nanousd,
                is_unpriced=completion.cost_nanousd is None,
            )
        )

    def _on_attempt(self, attempt: Attempt) -> None:
        if attempt.at_provider > 1:
            self._figures.add_retry(attempt.provider, attempt.reason or "unknown")
        if attempt.outcome not in {"ok", "cancelled"}:
            self._figures.add_error(attempt.provider)


def _gauges() -> tuple[Any, Any, Any]:
    return (
        gauge("llm_breaker_state", "0 closed, 1 half open, 2 open.", ["provider"]),
        gauge("llm_in_flight", "Requests with providers."),
        gauge("llm_waiting", "Requests that wait to be sent."),
    )
