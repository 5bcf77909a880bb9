"""Which provider serves which model."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Self

from ..errors import nearest
from ._errors import RouterConfigError, UnservedModelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_STANDARD: Final = MappingProxyType(
    {
        "anthropic/*": ("anthropic",),
        "claude*": ("anthropic",),
        "openai/*": ("openai",),
        "gpt*": ("openai",),
        "*": ("openrouter",),
    }
)
_MODELS_REMEMBERED: Final = 1024


@dataclass(frozen=True, slots=True)
class Target:
    """A model at a provider: what is asked whom."""

    provider: str
    model: str

    @property
    def key(self) -> str:
        """What stands for it in keys of a cache."""
        return f"{self.provider}/{self.model}"


@dataclass(frozen=True, slots=True)
class Pool:
    """The providers that serve a model equally well; `name` is the pattern that says so."""

    name: str
    providers: tuple[str, ...]


class Registry:
    """The table from names of models to providers.

    Args:
        routes: patterns, each with the provider that serves such models or several that share
            them. `gpt-4o` is that model, `gpt*` all that begin so, `*` all the others. The
            longest pattern that fits a name decides, whatever the order.

    Raises:
        RouterConfigError: there is no route, or a pattern is none.
    """

    def __init__(self, routes: Mapping[str, str | Iterable[str]]) -> None:
        if not hasattr(routes, "items"):
            msg = (
                f"the registry of a router is {routes!r:.80}: give a table from patterns of models"
                ' to providers, such as {"gpt*": "openai"}.'
            )
            raise RouterConfigError(msg)
        if not routes:
            msg = (
                "the registry of a router is empty: no model has a provider."
                ' Write one line for each kind of model, such as {"gpt*": "openai"}.'
            )
            raise RouterConfigError(msg)
        pools = [_pool(pattern, served) for pattern, served in routes.items()]
        self._exact = {pool.name: pool for pool in pools if not pool.name.endswith("*")}
        begun = [pool for pool in pools if pool.name.endswith("*")]
        self._begun = sorted(begun, key=lambda pool: -len(pool.name))
        self.find = lru_cache(_MODELS_REMEMBERED)(self._find)

    @classmethod
    def standard(cls) -> Self:
        """Make the usual one: `anthropic/` and `claude*`, `openai/` and `gpt*`, OpenRouter."""
        return cls(_STANDARD)

    @property
    def patterns(self) -> tuple[str, ...]:
        """The patterns, sorted."""
        return tuple(sorted([*self._exact, *(pool.name for pool in self._begun)]))

    @property
    def providers(self) -> tuple[str, ...]:
        """The names of all providers that serve anything, each once."""
        pools = [*self._exact.values(), *self._begun]
        return tuple(dict.fromkeys(name for pool in pools for name in pool.providers))

    def _find(self, model: str) -> Pool:
        """Return who serves a model.

        Raises:
            UnservedModelError: nobody does; names the nearest pattern.
        """
        exact = self._exact.get(model)
        if exact is not None:
            return exact
        for pool in self._begun:
            if model.startswith(pool.name[:-1]):
                return pool
        near = nearest(model, [pattern.rstrip("*") for pattern in self.patterns])
        guess = f" Did you mean {near!r}?" if near else ""
        msg = (
            f"no provider serves the model {model!r}.{guess}"
            f" The registry has: {', '.join(self.patterns)}."
        )
        raise UnservedModelError(msg)


def _pool(pattern: Any, served: Any) -> Pool:
    is_one = isinstance(served, str) or not hasattr(served, "__iter__")
    providers = (served,) if is_one else tuple(served)
    if not isinstance(pattern, str) or not pattern or "*" in pattern[:-1]:
        msg = f"{pattern!r} is no pattern of model names: write a name, `gpt*` or `*`."
        raise RouterConfigError(msg)
    if not providers or not all(isinstance(name, str) and name for name in providers):
        msg = (
            f"the models {pattern!r} are served by {served!r:.80}, which is no provider:"
            " name one, or several that share them."
        )
        raise RouterConfigError(msg)
    return Pool(pattern, tuple(dict.fromkeys(providers)))
