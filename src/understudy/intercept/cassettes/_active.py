"""The cassettes of this process that are in use, and who answers from them."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, contextmanager, nullcontext
from http import client as http_client
from threading import RLock
from typing import TYPE_CHECKING, Final, NamedTuple

from ...cassettes.defaults import CassetteDefaults
from ...cassettes.player import CassetteMiss, CassettePlayer, CassetteStack, Recording, Replay
from .._answer import PassThrough
from .._taps import Taps
from .._threads import carry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ...calls import Request
    from .._observer import Observation


class CassetteAnswerer:
    """Satisfies `understudy.intercept.Answerer`.

    Where a cassette of vcrpy's own is active, it has the word: ours does nothing beside it.

    Args:
        stack: those that may be in force.
        current_owner: tells on whose behalf the running code works; None where nobody is asked.
    """

    def __init__(
        self, stack: CassetteStack, *, current_owner: Callable[[], object] | None = None
    ) -> None:
        self._stack = stack
        self._current_owner = current_owner

    def answer(
        self, request: Request, observation: Observation | None
    ) -> Replay | PassThrough | None:
        """Play what is recorded, record what may be; None lets the request go out.

        Raises:
            CassetteMiss: neither.
        """
        if not self._stack:
            return None
        player = self._stack.current(None if self._current_owner is None else self._current_owner())
        if player is None or is_vcrpy_active():
            return None
        try:
            taken = player.take(request)
        except CassetteMiss as miss:
            if observation is not None:
                observation.answered(miss.event_fields)
            raise
        return PassThrough(taken, taken.event_fields) if isinstance(taken, Recording) else taken


def is_vcrpy_active() -> bool:
    """Tell whether a cassette of vcrpy's own has its patches in place."""
    stubs = sys.modules.get("vcr.stubs")
    return stubs is not None and issubclass(http_client.HTTPConnection, stubs.VCRConnection)


class Host(NamedTuple):
    """A run: its defaults, and what it hears of the players that `use_cassette` opens."""

    defaults: Callable[[], CassetteDefaults]
    hear: Callable[[CassettePlayer], AbstractContextManager[None]]


class ActiveCassettes:
    """Puts cassettes in force, and sees to it that taps ask them.

    A run that has taps of its own hosts the cassettes: its taps ask then. Else these tap
    the clients themselves, for as long as a player is in force.
    """

    def __init__(self) -> None:
        self.stack = CassetteStack()
        self._hosts: list[Host] = []
        self._taps = Taps(
            _Nobody(),
            answerer=_Unhosted(CassetteAnswerer(self.stack), self._hosts),
            reads_uploads=self.are_wanted,
        )
        self._carrier = carry(self.stack.variable)
        self._users = 0
        self._lock = RLock()

    def are_wanted(self) -> bool:
        """Tell whether a player is in force."""
        return bool(self.stack)

    def defaults(self) -> CassetteDefaults:
        """Return what holds where the user of a cassette says nothing."""
        return self._hosts[-1].defaults() if self._hosts else CassetteDefaults.default()

    def heard(self, player: CassettePlayer) -> AbstractContextManager[None]:
        """Let the host, where there is one, hear of the use of a player from beginning to end."""
        return self._hosts[-1].hear(player) if self._hosts else nullcontext()

    @contextmanager
    def hosted(
        self,
        defaults: Callable[[], CassetteDefaults],
        hear: Callable[[CassettePlayer], AbstractContextManager[None]] = lambda _: nullcontext(),
    ) -> Iterator[None]:
        """Leave it to other taps to ask: they have a `CassetteAnswerer` of this stack."""
        host = Host(defaults, hear)
        self._hosts.append(host)
        try:
            with self._carrying():
                yield
        finally:
            self._hosts.remove(host)

    @contextmanager
    def put(self, player: CassettePlayer, owner: object | None = None) -> Iterator[None]:
        """Put `player` in force, for this task or thread and for `owner`."""
        with self._listening(), self.stack.put(player, owner):
            yield

    @contextmanager
    def _listening(self) -> Iterator[None]:
        taps = nullcontext() if self._hosts else self._taps
        with self._carrying():
            with self._lock:  # nobody goes on before the first one's taps are in place
                taps.__enter__()
            try:
                yield
            finally:
                with self._lock:
                    taps.__exit__(None, None, None)

    @contextmanager
    def _carrying(self) -> Iterator[None]:
        """Hand the player on to threads and jobs, by one cover of theirs however many want it.

        A host does so from its beginning on: its clock covers the same methods anew for each
        stage of a test, and could not take its cover off from under one of ours.
        """
        with self._lock:
            self._users += 1
            if self._users == 1:
                self._carrier.install()
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if not self._users:
                    self._carrier.uninstall()


class _Unhosted:
    """An `Answerer` that leaves the word to a host which came later."""

    def __init__(self, answerer: CassetteAnswerer, hosts: Sequence[Host]) -> None:
        self._answerer = answerer
        self._hosts = hosts

    def answer(
        self, request: Request, observation: Observation | None
    ) -> Replay | PassThrough | None:
        """Ask, where there is no host."""
        return None if self._hosts else self._answerer.answer(request, observation)


class _Nobody:
    """An `Observer` that watches nothing."""

    def begin(self, client: str, request: Request) -> None:
        """Watch nothing."""

    def go_on(self, observation: object, client: str, request: Request, *, since: float) -> None:
        """Watch nothing."""

    def sent(self, observation: object, body: bytes) -> None:
        """Watch nothing."""

    def fault(self, error: Exception) -> None:
        """Leave it: what is recorded hears of its own faults."""


#: The one piece of state of the process: `use_cassette` stands in application code.
ACTIVE_CASSETTES: Final = ActiveCassettes()
