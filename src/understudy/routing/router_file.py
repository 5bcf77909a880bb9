"""The router's file: a TOML file or a mapping, checked key by key."""

from __future__ import annotations

import tomllib
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ..errors import UnknownNameError, nearest
from ._errors import RouterConfigError
from ._http import HttpProvider
from ._policy import (
    BreakerPolicy,
    BudgetPolicy,
    FailoverPolicy,
    LimitPolicy,
    Policy,
    RetryPolicy,
)
from ._registry import Registry
from .balance import BalanceName  # noqa: TC001 - pydantic reads it
from .cache import MemoryCache, RedisCache

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from ..clock import Clock
    from .cache import Cache

_Made = TypeVar("_Made")

#: What providers serve whose `models` are not told.
_USUAL: Final = {
    "anthropic": ("anthropic/*", "claude*"),
    "openai": ("openai/*", "gpt*"),
    "openrouter": ("*",),
}
_UNKNOWN: Final = "extra_forbidden"


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ProviderTable(_Table):
    """`[[provider]]`: who answers, under which address, and which models are its.

    `key_env` names the environment variable that holds the key. `models` are patterns; without
    them anthropic, openai and openrouter serve what they are known for, others `<name>/*`.
    `rename` are the provider's own names for models.
    """

    name: Annotated[str, Field(min_length=1)]
    base_url: str | None = None
    key_env: str | None = None
    models: list[str] | None = None
    weight: float | None = None
    rename: dict[str, str] = Field(default_factory=dict)

    @property
    def patterns(self) -> tuple[str, ...]:
        """The models that it serves."""
        usual = _USUAL.get(self.name, (f"{self.name}/*",))
        return usual if self.models is None else tuple(self.models)

    def over_http(self, environment: Mapping[str, str]) -> HttpProvider:
        """Make the provider.

        Raises:
            RouterConfigError: it has no address, or the variable of its key is not set.
        """
        if self.base_url is None:
            msg = f"the provider {self.name!r} has no base_url, so that nobody can ask it."
            raise RouterConfigError(msg)
        key = None if self.key_env is None else environment.get(self.key_env)
        if self.key_env is not None and not key:
            msg = (
                f"the key of {self.name!r} is to be in the environment variable {self.key_env},"
                " which is not set."
            )
            raise RouterConfigError(msg)
        return HttpProvider(self.name, self.base_url, key=key)


class CacheTable(_Table):
    """`[cache]`: how long and how much is kept; `redis` is the URL of a server that keeps it.

    `ignore` are fields of a request that do not tell its answer from another's.
    """

    ttl_seconds: float = 3600.0
    entries: int = 1000
    bytes: int = 64 << 20
    redis: str | None = None
    ignore: list[str] = Field(default_factory=list)

    def make(self, clock: Clock) -> Cache:
        """Make the cache.

        Raises:
            RouterConfigError: it has no bounds, or its time to live is none.
        """
        memory = MemoryCache(
            entries=self.entries, bytes=self.bytes, ttl_seconds=self.ttl_seconds, clock=clock
        )
        if self.redis is None:
            return memory
        return RedisCache(self.redis, ttl_seconds=self.ttl_seconds, clock=clock)


class BalanceTable(_Table):
    """`[balance]`: how the providers of a model share its requests."""

    strategy: BalanceName = "round_robin"


class BatchTable(_Table):
    """`[batch]`: how long a request waits for others like it; whether equal ones share a call."""

    window_ms: float = 0.0
    coalesce: bool = True


def _made(sort: type[_Made], table: Any) -> _Made:
    if not isinstance(table, dict):
        msg = f"is no table but {table!r}"
        raise ValueError(msg)  # noqa: TRY004 - pydantic reports this one with its place
    try:
        UnknownNameError.check("key", table, sort.__dataclass_fields__)  # type: ignore[attr-defined]
        return sort(**{key: _frozen(value) for key, value in table.items()})
    except (UnknownNameError, RouterConfigError) as error:
        raise ValueError(str(error)) from error


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _by(sort: type) -> BeforeValidator:
    return BeforeValidator(partial(_made, sort))


class RouterFile(BaseModel):
    """All keys of the router's file. Each but `provider` may be left out."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    provider: list[ProviderTable] = Field(default_factory=list)
    agents: dict[str, str] = Field(default_factory=dict)
    cache: CacheTable | None = None
    retry: Annotated[RetryPolicy, _by(RetryPolicy)] = Field(default_factory=RetryPolicy)
    breaker: Annotated[BreakerPolicy, _by(BreakerPolicy)] = Field(default_factory=BreakerPolicy)
    limit: Annotated[LimitPolicy, _by(LimitPolicy)] = Field(default_factory=LimitPolicy)
    balance: BalanceTable = Field(default_factory=BalanceTable)
    failover: Annotated[FailoverPolicy, _by(FailoverPolicy)] = Field(default_factory=FailoverPolicy)
    batch: BatchTable = Field(default_factory=BatchTable)
    budget: Annotated[BudgetPolicy, _by(BudgetPolicy)] = Field(default_factory=BudgetPolicy)

    def policy(self, **more: Any) -> Policy:
        """Return how the router behaves; `more` are fields that no file can hold."""
        return Policy(
            agents=self.agents,
            balance=self.balance.strategy,
            weights={p.name: p.weight for p in self.provider if p.weight is not None},
            renamed={p.name: p.rename for p in self.provider if p.rename},
            failover=self.failover,
            retry=self.retry,
            breaker=self.breaker,
            limit=self.limit,
            budget=self.budget,
            window_ms=self.batch.window_ms,
            coalesce=self.batch.coalesce,
            ignored=tuple(self.cache.ignore) if self.cache else (),
            **more,
        )

    def http_providers(self, environment: Mapping[str, str]) -> list[HttpProvider]:
        """Make the providers, with the keys from the variables that the file names.

        Raises:
            RouterConfigError: one has no address, or the variable of its key is not set.
        """
        return [provider.over_http(environment) for provider in self.provider]

    def registry(self) -> Registry:
        """Return which models are whose: those with the same pattern share its models.

        Raises:
            RouterConfigError: no provider serves anything.
        """
        if not self.provider:
            msg = "a router without providers can answer nothing: write a [[provider]] for each."
            raise RouterConfigError(msg)
        routes: dict[str, list[str]] = {}
        for provider in self.provider:
            for pattern in provider.patterns:
                routes.setdefault(pattern, []).append(provider.name)
        return Registry(routes)


def read_router_file(path: Path) -> RouterFile:
    """Read the router's file.

    Raises:
        RouterConfigError: it cannot be read, or a key or value is wrong; names the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        msg = f"{path}: cannot be read as TOML: {error}"
        raise RouterConfigError(msg) from error
    return read_router_table(table, where=str(path), text=text)


def read_router_table(table: Mapping[str, Any], *, where: str, text: str = "") -> RouterFile:
    """Read the keys of the router's file from a mapping, which stands at `where`.

    Raises:
        RouterConfigError: a key or a value is wrong; names the nearest key.
    """
    try:
        return RouterFile.model_validate(dict(table))
    except ValidationError as error:
        msg = "\n".join(_explained(each, where, text) for each in error.errors()[:10])
        raise RouterConfigError(msg) from None


def _explained(error: ErrorDetails, where: str, text: str) -> str:
    path = error["loc"]
    line = line_of(text, path) if text else None
    place = where if line is None else f"{where}:{line}"
    dotted = ".".join(map(str, path))
    if error["type"] == _UNKNOWN:
        known = _keys_at(path[:-1])
        near = nearest(str(path[-1]), known)
        guess = f" Did you mean {near!r}?" if near else ""
        return f"{place}: {dotted}: unknown key.{guess} Known: {', '.join(sorted(known))}."
    said = error["msg"].removeprefix("Value error, ")
    given = "" if error["type"] in {"value_error", "missing"} else f", not {error['input']!r}"
    return f"{place}: {dotted}: {said}{given}"


def _keys_at(path: tuple[int | str, ...]) -> list[str]:
    tables: dict[str, type[BaseModel]] = {
        "provider": ProviderTable,
        "cache": CacheTable,
        "balance": BalanceTable,
        "batch": BatchTable,
    }
    table = tables.get(str(path[0]), RouterFile) if path else RouterFile
    return list(table.model_fields)


def line_of(text: str, path: tuple[int | str, ...]) -> int | None:
    """Return the line of TOML at which a key stands, else that of its table, counted from 1."""
    names = [part for part in path if isinstance(part, str)]
    wanted = next((part for part in path if isinstance(part, int)), 0)
    seen, best, inside = -1, None, not names[1:]
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if bare.startswith("["):
            is_table = bare.strip("[] \t").partition("]")[0].strip() == names[0]
            seen += is_table
            inside = is_table and seen == (wanted if bare.startswith("[[") else seen)
            best = number if inside else best
        elif inside and bare.partition("=")[0].strip(" \"'") == names[-1]:
            return number
    return best
