"""The guard: refuses what would leave this machine, while somebody is blocked."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from threading import RLock
from typing import TYPE_CHECKING, Final, NamedTuple

from .._patches import ImportHook, Installable, Patches
from . import _connections, _native, _processes, _requests
from ._policy import Block, NetworkPolicy
from ._refusal import CallRefused, Refusal

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator
    from types import ModuleType

    from ...calls import Request
    from ...telemetry import Owner
    from ...wire import WireApis


class GuardPatch(NamedTuple):
    """How the module that is called `module` is made to ask before something leaves through it.

    `install` wraps that when the module is there; what a version does not have is left out.
    """

    module: str
    install: Callable[[ModuleType, Patches, NetworkPolicy], None]


ALL_PATCHES: Final = (
    GuardPatch("socket", _connections.patch_sockets),
    GuardPatch("asyncio.base_events", _connections.patch_asyncio),
    GuardPatch("asyncio.proactor_events", _connections.patch_proactor),
    GuardPatch("uvloop", _connections.patch_uvloop),
    GuardPatch("multiprocessing.pool", _processes.patch_pool),
    GuardPatch("pycurl", _native.patch_pycurl),
    GuardPatch("curl_cffi.curl", _native.patch_curl_cffi),
    GuardPatch("curl_cffi.aio", _native.patch_async_curl),
    GuardPatch("psycopg.connection", _native.patch_psycopg),
    GuardPatch("psycopg.connection_async", _native.patch_psycopg),
    GuardPatch("psycopg2", _native.patch_psycopg2),
    GuardPatch("http.client", _requests.patch_http_client),
    GuardPatch("aiohttp.connector", _requests.patch_aiohttp),
    *(
        GuardPatch(f"{engine}.{version}", _requests.patch_httpcore)
        for engine in ("httpcore", "httpcore2")
        for version in ("_sync.http11", "_sync.http2", "_async.http11", "_async.http2")
    ),
    GuardPatch("grpc._channel", _requests.patch_grpc),
    GuardPatch("grpc.aio._channel", _requests.patch_grpc_aio),
)


class Guard(Installable):
    """Refuses calls to providers and connections to other machines, in blocks.

    AF_UNIX sockets, loopback and datagrams stay free. The patches stand where things really
    leave, below whatever answers in the network's place (respx, vcrpy, mock transports), and
    ask again for each request on a connection that is open already. A block puts them up, and
    takes them down where nobody else has the guard installed. Who blocks often installs it for
    all that time: where nobody is blocked, a patch calls what it covers and does nothing else.

    Args:
        current_owner: tells whose code is running.
        calling: tells the client and the request that a tap is just sending, None for none.
        apis: recognise calls to models at hosts that nobody knows.
        refuse: makes what is raised where a call is refused.
    """

    def __init__(
        self,
        *,
        current_owner: Callable[[], Owner],
        calling: Callable[[], tuple[str, Request] | None],
        apis: WireApis,
        patches: Iterable[GuardPatch] = ALL_PATCHES,
        refuse: Callable[[Refusal], CallRefused] = CallRefused,
    ) -> None:
        self._patches = Patches()
        self._policy = NetworkPolicy(
            current_owner=current_owner, calling=calling, apis=apis, refuse=refuse
        )
        self._hook = ImportHook(
            {patch.module: partial(self._install_patch, patch) for patch in patches}
        )
        self._lock = RLock()
        self._users = 0
        #: Modules of versions that their patches do not know.
        self.unsupported: list[str] = []

    @contextmanager
    def block(self, owner: Owner | None = None, *, allowed: Iterable[str] = ()) -> Iterator[Block]:
        """Refuse what `owner` does (None: everybody), but for the `allowed` hosts."""
        block = Block(owner, allowed)
        with self._policy.blocking(block), self:
            yield block

    @property
    def dropped(self) -> Counter[str]:
        """How many reports of SDKs were dropped, by where they would have gone."""
        return self._policy.dropped

    @property
    def late_refusals(self) -> list[Refusal]:
        """What was refused to those that had ended by then."""
        return self._policy.late.refusals

    def keep(self, owner: Owner, *, allowed: Iterable[str] = ()) -> None:
        """Go on refusing, after its block, the calls of what an owner that ends leaves behind."""
        self._policy.keep(owner, allowed)

    def may_reach(self, url: str) -> bool:
        """Tell whether the running code may send a request to `url`."""
        return self._policy.may_reach(url)

    def drop(self, url: str) -> None:
        """Count an SDK's report that does not go out."""
        self._policy.drop(url)

    def install(self) -> None:
        """Put the patches up, and those again that somebody took down or covered meanwhile."""
        with self._lock:
            self._users += 1
            if self._users == 1:
                _connections.LOW_LEVEL.ask(self._policy)
            if self._users > 1 and self._hook.is_current() and self._patches.are_in_place():
                return
        # Not under the lock: it may wait for another thread's import, which calls back.
        self._hook.install()

    def uninstall(self) -> None:
        """Take the patches down, where nobody else has the guard installed."""
        with self._lock:
            self._users -= 1
            if not self._users:
                self._hook.remove()
                self._patches.undo()
                _connections.LOW_LEVEL.leave(self._policy)

    def _install_patch(self, patch: GuardPatch, module: ModuleType) -> None:
        with self._lock:
            if not self._users:
                return
            try:
                patch.install(module, self._patches, self._policy)
            except AttributeError:
                if patch.module not in self.unsupported:
                    self.unsupported.append(patch.module)
