"""Decides what may leave this machine, for whoever is at work."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from weakref import WeakSet

from ...calls import Request
from ...wire import is_report
from ._reach import Names, address_of, host_of, is_allowed, is_local, normal
from ._refusal import CallRefused, ConnectionBlocked, Refusal, application_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ...telemetry import Owner
    from ...wire import WireApis

_PORTS: Final = MappingProxyType({"http": 80, "https": 443, "ws": 80, "wss": 443})


class Block:
    """What one owner (None: everybody) may not do while it is in force.

    `allowed` are host names, addresses and patterns (`*.internal`) that stay reachable;
    `refusals` is what was refused, each different thing once, whoever swallowed the error.
    """

    def __init__(self, owner: Owner | None, allowed: Iterable[str]) -> None:
        self.owner = owner
        self.allowed = tuple(allowed)
        self.refusals: list[Refusal] = []

    def note(self, refusal: Refusal) -> None:
        """Keep a refusal, once."""
        if refusal not in self.refusals:
            self.refusals.append(refusal)


class NetworkPolicy:
    """What the patches ask. Every question returns where the way is free, and raises where not.

    It is made of what `Guard` is made of.

    Raises:
        CallRefused: for a call to a provider.
        ConnectionBlocked: for anything else.
    """

    def __init__(
        self,
        *,
        current_owner: Callable[[], Owner],
        calling: Callable[[], tuple[str, Request] | None],
        apis: WireApis,
        refuse: Callable[[Refusal], CallRefused],
    ) -> None:
        #: Whether anybody is blocked: who patches asks nothing else where nobody is.
        self.is_blocking = False
        #: How many reports of SDKs were dropped, by where they would have gone.
        self.dropped: Counter[str] = Counter()
        #: What was refused to those that had ended by then.
        self.late = Block(None, ())
        self._ended: WeakSet[Owner] = WeakSet()
        self._blocks: tuple[Block, ...] = ()
        self._current_owner = current_owner
        self._calling = calling
        self._apis = apis
        self._refusing = refuse
        self._names = Names()
        self._lock = Lock()

    def keep(self, owner: Owner, allowed: Iterable[str]) -> None:
        """Go on refusing the calls of what an owner that ends leaves behind, as threads."""
        self.late.allowed = tuple(allowed)
        self._ended.add(owner)

    @contextmanager
    def blocking(self, block: Block) -> Iterator[None]:
        """Put `block` in force; of those that an owner has, the last one counts."""
        with self._lock:
            self._enforce((*self._blocks, block))
        try:
            yield
        finally:
            with self._lock:
                self._enforce(tuple(one for one in self._blocks if one is not block))

    def look_up(self, host: object) -> None:
        """Ask whether a name may be looked up: any may but a provider's."""
        if not isinstance(host, (str, bytes)):
            return
        name = normal(host)
        block = self._current_block()
        if block is None or is_local(name) or is_allowed(name, block.allowed):
            return
        if self._is_provider(name):
            self._refuse(block, "socket", name, f"a connection to {name}")

    def found(self, host: object, addresses: Iterable[str]) -> None:
        """Note what a name was found to be."""
        if isinstance(host, (str, bytes)) and host:
            self._names.remember(normal(host), addresses)

    def connect(
        self, host: str | bytes, port: object, client: str = "socket", *, is_report: bool = False
    ) -> None:
        """Ask whether a connection may be made to a name or an address.

        One for what an SDK reports on its own is refused in silence, and counted.
        """
        block = self._current_block()
        address = normal(host)
        if block is None or is_local(address):
            return
        name = self._names.of(address)
        if not (is_allowed(name, block.allowed) or is_allowed(address, block.allowed)):
            if is_report:
                self.dropped[f"{name}:{port}"] += 1
            what = f"a connection to {name}:{port}"
            self._refuse(block, client, name, what, is_noted=not is_report)

    def is_address(self, host: str | bytes) -> bool:
        """Tell whether `host` is an address and no name."""
        return address_of(normal(host)) is not None

    def request(self, client: str, method: str, url: str) -> None:
        """Ask whether a request may be sent, on whatever connection."""
        block = self._current_block()
        if block is None:
            return
        host = host_of(url)
        if not (is_local(host) or is_allowed(host, block.allowed)):
            is_dropped = is_report(method, url)
            if is_dropped:
                self.drop(url)
            self._refuse(block, client, host, f"{method} {_shown(url)}", is_noted=not is_dropped)

    def may_reach(self, url: str) -> bool:
        """Tell whether a request to `url` may go out."""
        block, host = self._current_block(), host_of(url)
        return block is None or is_local(host) or is_allowed(host, block.allowed)

    def drop(self, url: str) -> None:
        """Count an SDK's report that does not go out."""
        self.dropped[_shown(url)] += 1

    def _enforce(self, blocks: tuple[Block, ...]) -> None:
        self._blocks, self.is_blocking = blocks, bool(blocks or self._ended)

    def _current_block(self) -> Block | None:
        if not self.is_blocking:
            return None
        owner = self._current_owner()
        for block in reversed(self._blocks):
            if block.owner is None or block.owner is owner:
                return block
        return self.late if owner in self._ended else None

    def _is_provider(self, name: str) -> bool:
        return self._apis.is_provider_request(Request("GET", f"https://{name}/", {}, b""))

    def _refuse(
        self, block: Block, client: str, host: str, what: str, *, is_noted: bool = True
    ) -> None:
        owner = self._current_owner()
        refusal = Refusal(
            what=what,
            host=host,
            client=client,
            is_call=is_noted and self._is_provider(host),
            called_at=application_line(),
            owner=owner.phase_id,
            stage=owner.stage,
        )
        calling = self._calling()
        if is_noted and calling is not None:
            # The tap knows better than a connection what is being sent.
            refusal = self._of_request(refusal, *calling)
        if block is self.late and is_noted and not refusal.is_call:
            return  # what else a thread does that was left behind, it may do
        if is_noted:
            block.note(refusal)
        raise self._refusing(refusal) if refusal.is_call else ConnectionBlocked(refusal)

    def _of_request(self, refusal: Refusal, client: str, request: Request) -> Refusal:
        """Return a refusal that tells of the request, and how a route to it begins."""
        recognised, route = self._apis.recognise(request), None
        is_mute = recognised is None or self._apis.is_unwritten(recognised.api.wire_api)
        if is_mute and request.url.startswith("http"):  # no route answers a WebSocket
            route = f"llm_api.{request.method.lower()}({_shown(request.url)!r})"
        return replace(
            refusal,
            what=f"{request.method} {_shown(request.url)}",
            client=client,
            is_call=recognised is not None or self._apis.is_provider_request(request),
            model=None if recognised is None else recognised.asked(request).model,
            route=route,
        )


def _shown(url: str) -> str:
    """Return `url` without what may be secret, and without the port that goes without saying."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = f":{parts.port}" if parts.port not in (None, _PORTS.get(parts.scheme)) else ""
    return f"{parts.scheme}://{host}{port}{parts.path}"
