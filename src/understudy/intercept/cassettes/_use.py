"""`use_cassette`: a cassette for a block, a function or a fixture, with vcrpy's words."""

from __future__ import annotations

from contextlib import AbstractContextManager, closing, contextmanager
from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from math import inf
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ...cassettes import Cassette, Matching, RecordMode, Treatment
from ...cassettes.defaults import CassetteOverrides
from ...cassettes.player import CassettePlayer, Passing
from ...errors import SettingsError
from ._active import ACTIVE_CASSETTES

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator


_Function = TypeVar("_Function", bound="Callable[..., Any]")


def use_cassette(
    path: str | os.PathLike[str],
    *,
    record_mode: str | None = None,
    replay_speed: float | None = None,
    matching: Matching | None = None,
    treatment: Treatment | None = None,
    ignore_hosts: Iterable[str] = (),
    ignore_localhost: bool = False,
) -> CassetteUse:
    """Use the cassette at `path`: `with`, `async with`, or a decorator of functions.

    Gives the `Cassette`. It takes the HTTP requests of this task or thread and of those that
    these start, and is saved when the block ends.

    Args:
        path: the file, `.yaml` or `.json`; it need not exist where it may be recorded.
        record_mode: `none`, `once`, `new_episodes` or `all`; None is `once`, and `none` where
            the environment variable `CI` is set.
        replay_speed: 0 (the default) plays at once, 1 in recorded time, 2 twice as fast.
        matching: what of a request decides which interaction answers it.
        treatment: what is done to an interaction before it is kept; None takes secrets out.
        ignore_hosts: names of hosts whose requests pass by.
        ignore_localhost: whether requests to this machine pass by.

    In a test run the run's own options and tables stand in for what is None.

    Raises:
        UnknownNameError, SettingsError: there is no such record mode, or speed.
        CassetteError: on entering, the file is damaged; on leaving, it cannot be saved.
        CassetteMiss: in the call that nothing answers, and on leaving where that was swallowed.
    """
    if replay_speed is not None and not 0 <= replay_speed < inf:
        msg = f"replay_speed is {replay_speed!r}; write 0, or how much faster than recorded."
        raise SettingsError(msg)
    overrides = CassetteOverrides(
        record_mode=None if record_mode is None else RecordMode.named(record_mode),
        replay_speed=replay_speed,
        matching=matching,
        treatment=treatment,
        passing=Passing(ignore_hosts=frozenset(ignore_hosts), ignore_localhost=ignore_localhost),
    )
    return CassetteUse(lambda: ACTIVE_CASSETTES.defaults().open(path, overrides))


class CassetteUse:
    """The use of a cassette, as often as it is entered."""

    def __init__(self, open_player: Callable[[], CassettePlayer]) -> None:
        self._open_player = open_player
        self._entered: list[AbstractContextManager[Cassette]] = []

    def __enter__(self) -> Cassette:
        used = _in_force(self._open_player)
        cassette = used.__enter__()
        self._entered.append(used)
        return cassette

    def __exit__(self, *error: object) -> None:
        self._entered.pop().__exit__(*error)  # type: ignore[arg-type]

    async def __aenter__(self) -> Cassette:
        return self.__enter__()

    async def __aexit__(self, *error: object) -> None:
        self.__exit__(*error)

    def __call__(self, function: _Function) -> _Function:
        """Return `function`, each call of which uses the cassette.

        Raises:
            TypeError: it is a generator, whose body runs when the call is over.
        """
        if isgeneratorfunction(function) or isasyncgenfunction(function):
            msg = f"use_cassette: {function.__qualname__} is a generator: use `with` inside of it."
            raise TypeError(msg)

        @wraps(function)
        def user(*args: Any, **options: Any) -> Any:
            with _in_force(self._open_player):
                return function(*args, **options)

        @wraps(function)
        async def async_user(*args: Any, **options: Any) -> Any:
            with _in_force(self._open_player):
                return await function(*args, **options)

        return cast("_Function", async_user if iscoroutinefunction(function) else user)


@contextmanager
def _in_force(open_player: Callable[[], CassettePlayer]) -> Iterator[Cassette]:
    player = open_player()
    with ACTIVE_CASSETTES.heard(player), closing(player), ACTIVE_CASSETTES.put(player):
        yield player.cassette
    if player.misses:
        raise player.misses[0]
