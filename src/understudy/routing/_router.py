"""The router: several providers behind one name."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from ..clock import RealClock
from ._call import Parts
from ._callbacks import Callbacks
from ._core import Core
from ._errors import RouterConfigError
from ._opening import InThread
from ._policy import Policy
from ._registry import Registry
from ._tasks import Tasks
from ._threads import Threads
from ._warming import WarmReport, warm_report
from .balance import BALANCES, ByCost, ByEfficiency, LeastLoaded, Weighted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Mapping

    from ..clock import Clock
    from ._admission import Load
    from ._answers import Answer, Piece
    from ._books import Counters, Day
    from ._call import Call
    from ._health import ProviderHealth
    from ._provider import AnyProvider, Body, Pricer
    from .balance import Balance
    from .cache import Cache

_WARMED_AT_ONCE = 8


class Router:
    """Sends each request to a provider that serves its model, and keeps the answers.

    For threads: `complete` and `stream`. For tasks: `acomplete` and `astream`. Both at once work
    on the same cache, breakers and books. A request is a body of OpenAI's chat API and is passed
    on as it is, but for the model's name, which is the provider's.

    Args:
        providers: who answers, each by its name.
        registry: which model is whose; a mapping from patterns to names will do.
        policy: how it behaves.
        cache: where whole answers are kept; None keeps none.
        callbacks: whom it tells what it does.
        price: what a call cost in nano-USD.
        clock: what time passes on; None is the machine's.

    Raises:
        RouterConfigError: there is no provider or no registry, or a value is wrong.
        UnknownNameError: a provider is named that is not there.
    """

    def __init__(
        self,
        providers: Iterable[AnyProvider],
        registry: Registry | Mapping[str, str | Iterable[str]] | None,
        *,
        policy: Policy | None = None,
        cache: Cache | None = None,
        callbacks: Callbacks | None = None,
        price: Pricer | None = None,
        clock: Clock | None = None,
    ) -> None:
        policy = _checked(Policy() if policy is None else policy, price)
        parts = Parts(
            providers=_by_name(providers),
            policy=policy,
            cache=cache,
            callbacks=callbacks or Callbacks(),
            price=price,
            clock=clock or RealClock(),
        )
        self._core = Core(parts, _registry(registry), _balance(policy, price))
        self._threads = Threads(self._core, _blocking(parts.providers))
        self._tasks = Tasks(self._core, _awaited(parts.providers))

    def complete(self, body: Body, *, agent: str = "", fresh: bool = False) -> Answer:
        """Return the answer to a request.

        Args:
            body: of OpenAI's chat API. Without a model, that of the agent.
            agent: who asks; agents share no answers.
            fresh: an answer of its own is wanted: none that is kept, and none of another.

        Raises:
            RouterError: there is no answer.
        """
        call = self._core.begin(body, agent=agent, stream=False, fresh=fresh)
        return self._at_once(call) or self._threads.answer(call)

    def stream(self, body: Body, *, agent: str = "", fresh: bool = False) -> Iterator[Piece]:
        """Return the pieces of a streamed answer, the last of which is `done`.

        Until the first content another provider may be asked; a stream that breaks off after it
        ends in a StreamBrokenError.

        Raises:
            RouterError: there is no answer.
        """
        call = self._core.begin(body, agent=agent, stream=True, fresh=fresh)
        return self._threads.pieces(call)

    async def acomplete(self, body: Body, *, agent: str = "", fresh: bool = False) -> Answer:
        """Return the answer to a request, as `complete` does, to a task."""
        call = self._core.begin(body, agent=agent, stream=False, fresh=fresh)
        return self._at_once(call) or await self._tasks.answer(call)

    def astream(self, body: Body, *, agent: str = "", fresh: bool = False) -> AsyncIterator[Piece]:
        """Return the pieces of a streamed answer, as `stream` does, to a task."""
        call = self._core.begin(body, agent=agent, stream=True, fresh=fresh)
        return self._tasks.pieces(call)

    def warm(self, bodies: Iterable[Body], *, agent: str = "") -> WarmReport:
        """Ask now for answers that will be wanted; those that are kept already cost nothing."""
        self._check_cache()
        outcomes: list[bool | Exception] = []
        for body in bodies:
            try:
                outcomes.append(self._threads.warm(self._warming(body, agent)))
            except Exception as error:  # noqa: BLE001 - one does not keep the others
                outcomes.append(error)
        return warm_report(outcomes)

    async def awarm(self, bodies: Iterable[Body], *, agent: str = "") -> WarmReport:
        """Ask now for answers that will be wanted, several at once."""
        self._check_cache()
        at_once = asyncio.Semaphore(_WARMED_AT_ONCE)

        async def warmed(body: Body) -> bool | Exception:
            async with at_once:
                try:
                    return await self._tasks.warm(self._warming(body, agent))
                except Exception as error:  # noqa: BLE001 - one does not keep the others
                    return error

        return warm_report(list(await asyncio.gather(*map(warmed, bodies))))

    def counters(self, agent: str | None = None) -> Counters:
        """Return what was counted so far, of all or of one agent."""
        with self._core.lock:
            return self._core.books.counters(agent)

    def today(self) -> Day:
        """Return what this day came to so far, in the zone of the budget."""
        with self._core.lock:
            return self._core.books.today(self._core.clock.time())

    def health(self) -> dict[str, ProviderHealth]:
        """Return how the providers are, by name."""
        now = self._core.clock.now()
        with self._core.lock:
            return {name: state.health(now) for name, state in self._core.routes.states.items()}

    def load(self) -> Load:
        """Return how many requests are with providers and how many wait for that."""
        now = self._core.clock.now()
        with self._core.lock:
            return self._core.admission.load(now)

    @property
    def cache(self) -> Cache | None:
        """Where answers are kept."""
        return self._core.cache

    @property
    def callback_faults(self) -> int:
        """How many callbacks failed; the requests did not notice."""
        return self._core.teller.faults

    def invalidate_cache(self) -> None:
        """Forget all answers."""
        if self._core.cache is not None:
            self._core.cache.clear()

    def close(self) -> None:
        """Let go of connections: of the cache, and of the providers that have a `close`."""
        for each in (self._core.cache, *self._core.parts.providers.values()):
            getattr(each, "close", lambda: None)()

    async def aclose(self) -> None:
        """Let go of connections, those of this loop too."""
        for each in self._core.parts.providers.values():
            if hasattr(each, "aclose"):
                await each.aclose()
        self.close()

    def _at_once(self, call: Call) -> Answer | None:
        """Return an answer that is at hand."""
        core = self._core
        if core.cache is None or core.cache.blocks:
            return None
        kept = core.kept(call, call.route.pool)
        return None if kept is None else core.answer(call, kept, cache="hit")

    def _warming(self, body: Body, agent: str) -> Call:
        stream = bool(getattr(body, "get", lambda _: False)("stream"))
        return self._core.begin(body, agent=agent, stream=stream, fresh=False, warming=True)

    def _check_cache(self) -> None:
        if self._core.cache is None:
            msg = "a router without a cache cannot be warmed: give it one, MemoryCache() will do."
            raise RouterConfigError(msg)


def _checked(policy: Policy, price: Pricer | None) -> Policy:
    if not isinstance(policy, Policy):
        msg = f"the policy of a router is {policy!r:.80}: give a Policy, or read a router's file."
        raise RouterConfigError(msg)
    if price is None and policy.budget.is_limited:
        msg = "a router with a budget must know what it spends: give it a price."
        raise RouterConfigError(msg)
    return policy


def _by_name(providers: Iterable[AnyProvider]) -> dict[str, AnyProvider]:
    named: dict[str, AnyProvider] = {}
    if not hasattr(providers, "__iter__") or isinstance(providers, str):
        msg = f"the providers of a router are {providers!r:.80}: give a list of them."
        raise RouterConfigError(msg)
    for provider in providers:
        _check_provider(provider)
        if provider.name in named:
            msg = f"two providers are called {provider.name!r}: give each a name of its own."
            raise RouterConfigError(msg)
        named[provider.name] = provider
    if not named:
        msg = "a router without providers can answer nothing: give it at least one."
        raise RouterConfigError(msg)
    return named


def _check_provider(provider: Any) -> None:
    has_name = isinstance(getattr(provider, "name", None), str) and provider.name
    if not has_name or not (hasattr(provider, "complete") or hasattr(provider, "acomplete")):
        msg = (
            f"{provider!r:.80} is no provider: it needs a name, and complete and stream for"
            " threads, or acomplete and astream for tasks."
        )
        raise RouterConfigError(msg)


def _registry(given: Registry | Mapping[str, str | Iterable[str]] | None) -> Registry:
    if given is None:
        msg = (
            "a router without a registry does not know which model is whose: give it"
            ' Registry.standard(), or a table such as {"gpt*": "openai", "*": "openrouter"}.'
        )
        raise RouterConfigError(msg)
    return given if isinstance(given, Registry) else Registry(given)


def _blocking(providers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in providers.items() if hasattr(each, "complete")}


def _awaited(providers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: each if hasattr(each, "acomplete") else InThread(each)
        for name, each in providers.items()
    }


def _balance(policy: Policy, price: Pricer | None) -> Balance:
    named = policy.balance
    if not isinstance(named, str) and hasattr(named, "pick"):
        return named
    if named in {"round_robin", "weighted"}:
        return Weighted(is_equal=named == "round_robin")
    if named == "least_loaded":
        return LeastLoaded()
    if named == "cost" and price is not None:
        return ByCost(price)
    if named == "efficiency" and policy.expected_ms is not None:
        return ByEfficiency(policy.expected_ms)
    needs = {"cost": "a price", "efficiency": "expected_ms"}.get(str(named))
    if needs is None:
        msg = f"there is no balancing {named!r}; there are: {', '.join(BALANCES)}."
    else:
        msg = f"balancing by {named} needs {needs}: give it to the router."
    raise RouterConfigError(msg)
