"""Which cassette takes the calls of the code that is running."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._player import CassettePlayer


@dataclass(frozen=True, eq=False, slots=True)
class _Entry:
    """A player that was put in force; `outer` is the one that it covers."""

    player: CassettePlayer
    owner: object | None
    outer: _Entry | None

    def covers(self, other: _Entry) -> bool:
        """Tell whether this was put in force inside of `other`."""
        entry: _Entry | None = self
        while entry is not None and entry is not other:
            entry = entry.outer
        return entry is not None


class CassetteStack:
    """The players of a process that take calls now.

    A player takes the calls of the task or thread that put it in force, and of those that these
    start (`variable` carries it); also those of its owner, wherever they are made. Code that
    has neither, such as a thread that was there before, is answered by the one player that is in
    force, and by none where several are: two cassettes never mix.
    """

    def __init__(self) -> None:
        self.variable: ContextVar[_Entry | None] = ContextVar("understudy_cassette", default=None)
        self._entries: tuple[_Entry, ...] = ()
        self._lock: Final = Lock()

    def __bool__(self) -> bool:
        return bool(self._entries)

    def current(self, owner: object | None = None) -> CassettePlayer | None:
        """Return the player that takes what the running code sends, on behalf of `owner`."""
        entries = self._entries
        if not entries:
            return None
        entered = self._entered(entries)
        is_owned = owner is not None
        owned = next((one for one in reversed(entries) if is_owned and one.owner is owner), None)
        if entered is None or (owned is not None and owned.covers(entered)):
            entered = owned
        if entered is None:
            tops = [one for one in entries if not any(each.outer is one for each in entries)]
            entered = tops[0] if len(tops) == 1 else None
        return None if entered is None else entered.player

    @contextmanager
    def put(self, player: CassettePlayer, owner: object | None = None) -> Iterator[None]:
        """Put `player` in force, for this task or thread and for `owner`."""
        entry = _Entry(player, owner, self._entered(self._entries))
        token = self.variable.set(entry)
        with self._lock:
            self._entries = (*self._entries, entry)
        try:
            yield
        finally:
            with self._lock:
                self._entries = tuple(one for one in self._entries if one is not entry)
            with suppress(ValueError):  # an asynchronous fixture ends in another context
                self.variable.reset(token)

    def _entered(self, entries: tuple[_Entry, ...]) -> _Entry | None:
        """Return the innermost entry of this task or thread that is still in force."""
        entry = self.variable.get()
        while entry is not None and entry not in entries:
            entry = entry.outer
        return entry
