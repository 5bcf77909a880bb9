"""Figures of requests to models, as metrics of Prometheus."""

from __future__ import annotations

from array import array
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from . import _families as families
from ._labels import OTHER, Names, clean
from ._tallies import (
    DURATIONS,
    GENAI_DURATIONS,
    GENAI_TOKENS,
    GenAITally,
    Histogram,
    ModelTally,
    Request,
    at_most,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

STATUSES: Final = ("hit", "miss", "coalesced", "bypass")
_WIDTH: Final = len(STATUSES)
_PLACES: Final = {status: place for place, status in enumerate(STATUSES)}
_MOST_PROVIDERS: Final = 50
_MOST_MODELS: Final = 200
_MOST_AGENTS: Final = 100
#: Of agents with models, and of anything else with two labels.
_MOST_PAIRS: Final = 1000

_Pair: TypeAlias = tuple[str, str]


class RequestFigures:
    """Counts requests; a collector of prometheus-client's, for any registry.

    Names come from requests, so there are at most 50 providers, 200 models of them, 100 agents and
    1,000 agents with a model; those who come later are counted as `other`. Safe for threads.

    Args:
        genai: count tokens and durations once more under the names of the GenAI conventions.
    """

    def __init__(self, *, genai: bool = False) -> None:
        self._has_genai = genai
        self._lock = Lock()
        self._providers, self._agents = Names(_MOST_PROVIDERS), Names(_MOST_AGENTS)
        self._models: dict[_Pair, ModelTally] = {}
        self._requests = array("q")
        self._errors: dict[_Pair, int] = {}
        self._retries: dict[_Pair, int] = {}
        self._failovers: dict[_Pair, int] = {}

    def count(self, request: Request) -> None:
        """Count a request that was answered, and add what it came to."""
        with self._lock:
            tally = self._tally(request.provider, request.model)
            self._add_request(tally, request.agent_id, request.cache_status)
            self._add(tally, request)

    def add(self, request: Request) -> None:
        """Add what something came to that is no request, or not the last attempt of one."""
        with self._lock:
            self._add(self._tally(request.provider, request.model), request)

    def count_lost(self, provider: str, model: str, agent_id: str, *, status: str = "miss") -> None:
        """Count a request without an answer; a model that nobody has answered for is `other`."""
        with self._lock:
            label = clean(model)
            is_known = any(known == label for _, known in self._models)
            tally = self._tally(provider, label if is_known else OTHER)
            self._add_request(tally, agent_id, status)

    def add_error(self, provider: str) -> None:
        """Count an attempt that failed."""
        self._add_pair(self._errors, provider, "")

    def add_retry(self, provider: str, reason: str) -> None:
        """Count an attempt at a provider that was asked before; `reason` is why."""
        self._add_pair(self._retries, provider, reason)

    def add_failover(self, before: str, after: str) -> None:
        """Count a change of provider."""
        self._add_pair(self._failovers, before, after)

    def describe(self) -> list[Any]:
        """Return the families without series, so that a registry takes each name once."""
        return list(RequestFigures(genai=self._has_genai).collect())

    def collect(self) -> Iterator[Any]:
        """Yield the families as they are now."""
        with self._lock:
            models, counts = list(self._models.items()), self._requests[:]
            places = [((*key, a), at) for key, told in models for a, at in told.agents.items()]
            errors, retries = list(self._errors.items()), list(self._retries.items())
            failovers = list(self._failovers.items())
        requests = [(key, counts[at : at + _WIDTH]) for key, at in places]
        yield families.requests(requests, STATUSES)
        yield families.hit_rate(requests, _PLACES)
        yield families.histogram("llm_request_duration_seconds", models, "duration", DURATIONS)
        yield families.histogram(
            "llm_stream_first_content_seconds", models, "first_content", DURATIONS
        )
        yield families.money("llm_cost_usd", models, "cost")
        yield families.money("llm_saved_usd", models, "saved")
        yield families.tally("llm_unpriced_requests", models, "unpriced")
        yield families.tokens(models)
        yield families.pairs("llm_provider_errors", errors, ("provider",))
        yield families.pairs("llm_retries", retries, ("provider", "reason"))
        yield families.pairs("llm_failovers", failovers, ("from", "to"))
        if self._has_genai:
            yield from families.genai(models, GENAI_TOKENS, GENAI_DURATIONS)

    def _tally(self, provider: str, model: str) -> ModelTally:
        tally = self._models.get((provider, model))
        if tally is None:
            tally = self._models.setdefault(self._pair(provider, model), ModelTally())
        return tally

    def _add(self, tally: ModelTally, request: Request) -> None:
        if request.is_paid:
            _add_paid(tally, request)
            if self._has_genai:
                _add_genai(tally, request)
        elif request.cost_nanousd is not None:
            tally.saved = (tally.saved or 0) + at_most(request.cost_nanousd)

    def _add_request(self, tally: ModelTally, agent_id: str, status: str) -> None:
        place = tally.agents.get(agent_id)
        if place is None:
            is_full = len(self._requests) >= _MOST_PAIRS * _WIDTH
            agent = OTHER if is_full else self._agents.label(clean(agent_id))
            place = tally.agents.setdefault(agent, len(self._requests))
            if place == len(self._requests):
                self._requests.extend((0,) * _WIDTH)
        self._requests[place + _PLACES[status]] += 1

    def _pair(self, provider: str, model: str) -> _Pair:
        """Return the labels of a provider and a model that were not held as they are."""
        provider = self._providers.label(clean(provider))
        pair = (provider, clean(model))
        if pair in self._models or len(self._models) < _MOST_MODELS:
            return pair
        return provider, OTHER

    def _add_pair(self, counts: dict[_Pair, int], first: str, second: str) -> None:
        pair = (clean(first), clean(second))
        with self._lock:
            if pair not in counts and len(counts) >= _MOST_PAIRS:
                pair = (OTHER, OTHER if second else "")
            counts[pair] = counts.get(pair, 0) + 1


def _add_paid(tally: ModelTally, request: Request) -> None:
    cost, asked, said = request.cost_nanousd, request.input_tokens, request.output_tokens
    if request.is_unpriced:
        tally.unpriced = (tally.unpriced or 0) + 1
    if cost is not None:
        tally.cost = (tally.cost or 0) + at_most(cost)
    if asked is not None:
        tally.prompt = (tally.prompt or 0) + at_most(asked)
    if said is not None:
        tally.completion = (tally.completion or 0) + at_most(said)
    _add_times(tally, request)


def _add_times(tally: ModelTally, request: Request) -> None:
    if request.duration_s is not None:
        if tally.duration is None:
            tally.duration = Histogram(DURATIONS)
        tally.duration.observe(request.duration_s, DURATIONS)
    if request.first_content_s is not None:
        if tally.first_content is None:
            tally.first_content = Histogram(DURATIONS)
        tally.first_content.observe(request.first_content_s, DURATIONS)


def _add_genai(tally: ModelTally, request: Request) -> None:
    if tally.genai is None:
        tally.genai = {}
    told = tally.genai.get(request.operation)
    if told is None:
        told = tally.genai[request.operation] = GenAITally()
    if request.input_tokens is not None:
        told.prompt.observe(at_most(request.input_tokens), GENAI_TOKENS)
    if request.output_tokens is not None:
        told.completion.observe(at_most(request.output_tokens), GENAI_TOKENS)
    if request.duration_s is not None:
        told.duration.observe(request.duration_s, GENAI_DURATIONS)
