"""A provider: where it answers, with which keys, at whose prices, in which wire APIs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._api import PromptReader, WireApi
    from .writing import ApiWriter

_DUMMY = "understudy-dummy"


@dataclass(frozen=True, slots=True)
class OtherPath:
    """The name of requests that are no calls: polls, lists, files, and what has no reader.

    It counts where `pattern` is found in a path, `anywhere` or at the provider's hosts alone.
    What the pattern's groups find fills the name. `is_billed`: what is posted there is paid for,
    and the answer need not tell any usage.
    """

    name: str
    pattern: re.Pattern[str]
    anywhere: bool
    is_billed: bool = False

    @classmethod
    def of(cls, name: str, pattern: str, *, anywhere: bool = True, is_billed: bool = False) -> Self:
        """Compile the pattern."""
        return cls(name, re.compile(pattern), anywhere, is_billed)

    def name_in(self, path: str) -> str | None:
        """Return the name that a path has; None where the pattern is not in it."""
        found = self.pattern.search(path)
        return found and self.name.format(*found.groups(), **found.groupdict())


@dataclass(frozen=True, slots=True)
class Needed:
    """What an SDK refuses to start without: one of the variables `names`.

    Where none of them is set, `dummies` (name and value) will do for calls that go nowhere.
    """

    names: tuple[str, ...]
    dummies: tuple[tuple[str, str], ...]

    @classmethod
    def key(cls, *names: str) -> Self:
        """Return a need of a secret, in the first of these variables if in none."""
        return cls(names, ((names[0], _DUMMY),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """All that is known of one provider, but for how its answers are written.

    Args:
        name: what it is called in events.
        hosts: names of hosts, in lower case.
        suffixes: ends of names of hosts; they must hold `host_word`, too, where there is one.
        ports: ports at which it answers on any host.
        local_ports: ports at which it answers on this machine.
        server: what its answers call it in their header `server`; on this machine that counts.
        other_paths: names of requests that are no calls; the first that fits counts.
        needs: environment variables that SDKs want.
        key_variables: where a key may stand beside `<NAME>_API_KEY`; they count before it.
        key_header: the header that holds the key; None: `authorization`, as a bearer token.
        is_signed: whether each request must be signed, so that a key alone is not enough.
        price_list: whose price list, in genai-prices' words; None: nobody's.
        is_free: whether it runs on one's own machine, at no price.
        reports_cost: whether its usage blocks say what it billed, in USD.
        apis: the wire APIs that are its own, in the order in which they are asked.
        prompts: what reads their conversations, by the names of the APIs.
        writers: the module whose `WRITERS` write their answers, loaded when one is first
            written; or these writers.
    """

    name: str
    hosts: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    host_word: str = ""
    ports: tuple[int, ...] = ()
    local_ports: tuple[int, ...] = ()
    server: str | None = None
    other_paths: tuple[OtherPath, ...] = ()
    needs: tuple[Needed, ...] = ()
    key_variables: tuple[str, ...] = ()
    key_header: str | None = None
    is_signed: bool = False
    price_list: str | None = None
    is_free: bool = False
    reports_cost: bool = False
    apis: tuple[WireApi, ...] = ()
    prompts: Mapping[str, PromptReader] = field(default_factory=lambda: MappingProxyType({}))
    writers: str | tuple[ApiWriter, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables that may hold its key; a stranger, named by host, has none."""
        own = (f"{self.name.upper()}_API_KEY",) if self.name.isalnum() else ()
        return (*self.key_variables, *own)

    def header_of(self, key: str) -> tuple[str, str]:
        """Return the header that hands in a key."""
        if self.key_header is None:
            return "authorization", f"Bearer {key}"
        return self.key_header, key

    def writer_of(self, wire_api: str) -> ApiWriter | None:
        """Return what writes the answers of one of its APIs; None where nothing does."""
        if all(api.wire_api != wire_api for api in self.apis):
            return None
        known = self.writers
        writers = import_module(known).WRITERS if isinstance(known, str) else known
        return next((one for one in writers if one.wire_api == wire_api), None)
