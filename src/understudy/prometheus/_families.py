"""Families of prometheus-client, made of what was counted."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ._tallies import Histogram, ModelTally

_Models: TypeAlias = "Sequence[tuple[tuple[str, str], ModelTally]]"
_Requests: TypeAlias = "Sequence[tuple[tuple[str, str, str], Sequence[int]]]"

_NANO: Final = 1e9
_MICRO: Final = 1e6
_BY_MODEL: Final = ("provider", "model")
_HELP: Final = {
    "llm_requests": "Requests, those that failed too.",
    "llm_cache_hit_rate": "Requests that took an answer that was there, of all.",
    "llm_request_duration_seconds": "Duration of requests that a provider answered.",
    "llm_stream_first_content_seconds": "Time until the first content of a provider's stream.",
    "llm_cost_usd": "What was spent, as far as it is known.",
    "llm_saved_usd": "What answers would have cost that no provider was asked for.",
    "llm_unpriced_requests": "Requests that were paid, nobody knows how much.",
    "llm_tokens": "Tokens that were paid.",
    "llm_provider_errors": "Attempts that failed.",
    "llm_retries": "Attempts at a provider that was asked before.",
    "llm_failovers": "Changes of provider.",
    "gen_ai_client_token_usage": "Tokens of a request.",
    "gen_ai_client_operation_duration_seconds": "Duration of a request.",
}


def gauge(name: str, text: str, labels: Sequence[str] = ()) -> Any:
    """Return a gauge without series."""
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 - only who is scraped

    return GaugeMetricFamily(name, text, labels=labels)


def untyped(name: str, text: str) -> Any:
    """Return a family without a type and without series."""
    from prometheus_client.core import UntypedMetricFamily  # noqa: PLC0415 - as above

    return UntypedMetricFamily(name, text)


def requests(counted: _Requests, statuses: Sequence[str]) -> Any:
    """Return `llm_requests_total`."""
    family = _counter("llm_requests", (*_BY_MODEL, "agent_id", "cache_status"))
    for key, counts in counted:
        for status, count in zip(statuses, counts, strict=True):
            if count:
                family.add_metric((*key, status), count)
    return family


def hit_rate(counted: _Requests, places: Mapping[str, int]) -> Any:
    """Return `llm_cache_hit_rate`, of the same counts, so that the two agree."""
    name = "llm_cache_hit_rate"
    family = gauge(name, _HELP[name], ["agent_id"])
    hits: dict[str, int] = {}
    totals: dict[str, int] = {}
    for (_, _, agent), counts in counted:
        took = counts[places["hit"]] + counts[places["coalesced"]]
        hits[agent] = hits.get(agent, 0) + took
        totals[agent] = totals.get(agent, 0) + sum(counts)
    for agent, total in totals.items():
        family.add_metric([agent], hits[agent] / total)
    return family


def money(name: str, models: _Models, attribute: str) -> Any:
    """Return a counter in USD of what was counted in nano-USD."""
    return _of_models(name, models, attribute, _NANO)


def tally(name: str, models: _Models, attribute: str) -> Any:
    """Return a counter of a figure by model."""
    return _of_models(name, models, attribute, 1)


def tokens(models: _Models) -> Any:
    """Return `llm_tokens_total`."""
    family = _counter("llm_tokens", ("type", *_BY_MODEL))
    for key, told in models:
        for kind, count in (("prompt", told.prompt), ("completion", told.completion)):
            if count is not None:
                family.add_metric((kind, *key), count)
    return family


def histogram(name: str, models: _Models, attribute: str, bounds: Sequence[float]) -> Any:
    """Return a histogram by model."""
    family = _histogram(name, _BY_MODEL)
    for key, told in models:
        _add_histogram(family, key, getattr(told, attribute), bounds)
    return family


def pairs(name: str, counts: Iterable[tuple[tuple[str, str], int]], labels: Sequence[str]) -> Any:
    """Return a counter with one label or two."""
    family = _counter(name, labels)
    for pair, count in counts:
        family.add_metric(pair[: len(labels)], count)
    return family


def genai(
    models: _Models, token_bounds: Sequence[float], duration_bounds: Sequence[float]
) -> Iterator[Any]:
    """Yield the second set, under the names of the GenAI conventions."""
    labels = ("gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model")
    usage = _histogram("gen_ai_client_token_usage", (*labels, "gen_ai_token_type"))
    duration = _histogram("gen_ai_client_operation_duration_seconds", labels)
    for key, told in models:
        for operation, each in list((told.genai or {}).items()):  # it may grow
            named = (operation, *key)
            _add_histogram(usage, (*named, "input"), each.prompt, token_bounds)
            _add_histogram(usage, (*named, "output"), each.completion, token_bounds)
            _add_histogram(duration, named, each.duration, duration_bounds)
    yield usage
    yield duration


def _of_models(name: str, models: _Models, attribute: str, unit: float) -> Any:
    family = _counter(name, _BY_MODEL)
    for key, told in models:
        value = getattr(told, attribute)
        if value is not None:
            family.add_metric(key, value / unit)
    return family


def _add_histogram(
    family: Any, labels: Sequence[str], told: Histogram | None, bounds: Sequence[float]
) -> None:
    counts = () if told is None else told.counts[:]  # it may grow meanwhile
    if told is not None and any(counts):
        names = [*(str(float(bound)) for bound in bounds), "+Inf"]
        buckets = list(zip(names, accumulate(counts), strict=True))
        family.add_metric(labels, buckets, told.sum_micro / _MICRO)


def _counter(name: str, labels: Sequence[str]) -> Any:
    from prometheus_client.core import CounterMetricFamily  # noqa: PLC0415 - as above

    return CounterMetricFamily(name, _HELP[name], labels=labels)


def _histogram(name: str, labels: Sequence[str]) -> Any:
    from prometheus_client.core import HistogramMetricFamily  # noqa: PLC0415 - as above

    return HistogramMetricFamily(name, _HELP[name], labels=labels)
