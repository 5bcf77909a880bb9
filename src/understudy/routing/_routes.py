"""Where a request goes: who is asked first, and who is asked then."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ..errors import UnknownNameError
from ._errors import BadRequestError
from ._health import ProviderState
from ._registry import Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ._policy import Policy
    from ._provider import Body
    from ._registry import Pool, Registry

_ROUTES_KEPT: Final = 1024


class Seat:
    """A model at a provider, with the provider's state: a candidate of balancing."""

    __slots__ = ("key", "model", "provider", "state", "weight")

    def __init__(self, target: Target, state: ProviderState, weight: float | None) -> None:
        self.provider = target.provider
        self.model = target.model
        self.key = target.key
        self.state = state
        self.weight = weight

    @property
    def in_flight(self) -> int:
        """How many requests are with the provider."""
        return self.state.in_flight

    @property
    def latency_ms(self) -> float | None:
        """How long the provider takes of late."""
        return self.state.latency_ms


@dataclass(frozen=True, slots=True)
class Route:
    """Who serves a model, and who stands in when they have failed, in this order.

    `otherwise` are those who are asked instead for a reason that the request itself gives.
    """

    name: str
    asked_model: str
    pool: tuple[Seat, ...]
    order: tuple[Seat, ...]
    otherwise: Mapping[str, tuple[Seat, ...]]


class Routes:
    """Finds the route of a request, and remembers those of models that were asked for.

    Raises:
        UnknownNameError: the registry or the policy names a provider that is not there.
    """

    def __init__(self, registry: Registry, policy: Policy, providers: Iterable[str]) -> None:
        self._registry = registry
        self._policy = policy
        self.states = {name: ProviderState(name, policy.breaker) for name in providers}
        failover = policy.failover
        for place, named in (
            ("the registry", registry.providers),
            ("failover.order", failover.order),
            ("failover.context_window", failover.context_window),
            ("failover.content_policy", failover.content_policy),
            ("the weights", policy.weights),
            ("the new names", policy.renamed),
        ):
            UnknownNameError.check("provider", tuple(named), self.states, where=place)
        self.of_model = lru_cache(_ROUTES_KEPT)(self._of_model)

    def of(self, body: Body, agent: str) -> Route:
        """Return the route of a request: its own model goes before that of its agent.

        Raises:
            BadRequestError: neither names a model.
            UnservedModelError: nobody serves it.
        """
        model = body.get("model") or self._policy.agents.get(agent)
        if not isinstance(model, str) or not model:
            known = ", ".join(sorted(self._policy.agents)) or "none"
            msg = (
                f"the request names no model, and the agent {agent!r} has none of its own"
                f" (agents that have: {known}). Give the body a model, or the agent."
            )
            raise BadRequestError(msg)
        return self.of_model(model)

    def _of_model(self, model: str) -> Route:
        pool, failover = self._registry.find(model), self._policy.failover
        plain = _plain(pool, model)
        first = tuple(self._seat(name, plain) for name in pool.providers)
        order = [name for name in failover.order if name not in pool.providers]
        return Route(
            name=pool.name,
            asked_model=model,
            pool=first,
            order=self._seats(order, model),
            otherwise={
                "context_window": self._seats(failover.context_window, model),
                "content_policy": self._seats(failover.content_policy, model),
            },
        )

    def _seats(self, names: Iterable[str], model: str) -> tuple[Seat, ...]:
        return tuple(self._seat(name, model.removeprefix(f"{name}/")) for name in names)

    def _seat(self, name: str, model: str) -> Seat:
        own = self._policy.renamed.get(name, {}).get(model, model)
        return Seat(Target(name, own), self.states[name], self._policy.weights.get(name))


def _plain(pool: Pool, model: str) -> str:
    """Return a model without the name of its provider, where that stands in front."""
    prefix = pool.name.removesuffix("*")
    is_provider = prefix.endswith("/") and prefix[:-1] in pool.providers
    return model.removeprefix(prefix) if is_provider else model
