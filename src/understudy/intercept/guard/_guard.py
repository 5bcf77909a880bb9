"""The guard: refuses what would leave this machine, while somebody blocks it."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from threading import RLock
from typing import TYPE_CHECKING, Final

from .._imports import ImportHook
from .._patches import Patches
from ._gatekeeper import NetworkPolicy
from ._grpc import GrpcAioPatch, GrpcPatch
from ._loops import AsyncioPatch, ProactorPatch, UvloopPatch
from ._refusal import CallRefused
from ._requests import AiohttpPatch, HttpClientPatch, httpcore_patches
from ._sockets import SocketPatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import ModuleType

    from ...calls import Request
    from ...telemetry import Owner
    from ...wire import WireApis
    from ._protocol import GuardPatch
    from ._refusal import Refusal

ALL_PATCHES: Final[tuple[GuardPatch, ...]] = (
    SocketPatch(),
    AsyncioPatch(),
    ProactorPatch(),
    UvloopPatch(),
    HttpClientPatch(),
    AiohttpPatch(),
    *httpcore_patches("httpcore"),
    *httpcore_patches("httpcore2"),
    GrpcPatch(),
    GrpcAioPatch(),
)


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


class Guard:
    """Refuses calls to providers and connections to other machines, in blocks.

    AF_UNIX sockets, loopback and datagrams stay free. The patches stand where things really
    leave, below whatever answers in the network's place (respx, vcrpy, mock transports), and
    ask again for each request on a connection that is open already. They are put up with the
    first block and taken down with the last.

    Args:
        owner: tells whose code is running.
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
        self._current_owner = current_owner
        self._blocks: list[Block] = []
        self._patches = Patches()
        self._policy = NetworkPolicy(
            block=self._current_block,
            current_owner=current_owner,
            calling=calling,
            apis=apis,
            refuse=refuse,
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
        self._blocks.append(block)
        self._install()
        try:
            yield block
        finally:
            self._uninstall()
            self._blocks.remove(block)

    def _current_block(self) -> Block | None:
        owner = self._current_owner() if self._blocks else None
        for block in reversed(self._blocks):
            if block.owner is None or block.owner is owner:
                return block
        return None

    def _install(self) -> None:
        with self._lock:
            self._users += 1
            if self._users > 1:
                return
        # Not under the lock: it may wait for another thread's import, which calls back.
        self._hook.install()

    def _uninstall(self) -> None:
        with self._lock:
            self._users -= 1
            if not self._users:
                self._hook.remove()
                self._patches.undo()

    def _install_patch(self, patch: GuardPatch, module: ModuleType) -> None:
        with self._lock:
            if not self._users:
                return
            try:
                patch.install(module, self._patches, self._policy)
            except AttributeError:
                self.unsupported.append(patch.module)
