"""Carries the value of a context variable into threads and executor jobs."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, TypeVar

from ..playback import GivenUp
from ._patches import Installable, Patches

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import ContextVar

_T = TypeVar("_T")


class Carrier(Installable):
    """While installed, hands `variable` on from whoever starts a thread or submits a job.

    A thread has its starter's value for life, a job its submitter's for as long as it runs,
    on whatever thread. None means that there is no value.
    """

    def __init__(self, variable: ContextVar[Any]) -> None:
        self._variable = variable
        self._patches = Patches()
        self._is_installed = False

    def install(self) -> None:
        """Carry from now on. Installing twice is installing once."""
        self._is_installed = True
        self._patches.wrap(threading.Thread, "start", self._carrying_start)
        self._patches.wrap(ThreadPoolExecutor, "submit", self._carrying_submit)

    def uninstall(self) -> None:
        """Carry no longer. Threads and jobs under way keep what they have."""
        self._is_installed = False
        self._patches.undo()

    def _carrying_start(self, original: Callable[[Any], None]) -> Callable[[Any], None]:
        @wraps(original)
        def start(thread: Any) -> None:
            value = self._variable.get(None)
            if not self._is_installed or value is None:
                return original(thread)
            uncover = _cover_run(thread, partial(self._variable.set, value))
            try:
                return original(thread)
            except BaseException:
                uncover()
                raise

        return start

    def _carrying_submit(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def submit(executor: Any, fn: Callable[..., Any], /, *args: Any, **options: Any) -> Any:
            if self._is_installed:
                fn = partial(_call, self._variable, self._variable.get(None), fn)
            return original(executor, fn, *args, **options)

        return submit


def carry(variable: ContextVar[Any]) -> Carrier:
    """Return a context manager that carries `variable` into threads and jobs."""
    return Carrier(variable)


def _cover_run(thread: Any, prepare: Callable[[], object]) -> Callable[[], None]:
    """Let `thread` call `prepare` before it runs; return what takes the cover off again."""
    covered = vars(thread).get("run")  # some other library's cover

    def uncover() -> None:
        if covered is None:
            vars(thread).pop("run", None)
        else:
            thread.run = covered

    def run() -> None:
        uncover()
        prepare()
        with suppress(GivenUp):  # nobody would hear of it but a hook that warns
            thread.run()

    thread.run = run
    return uncover


def _call(
    variable: ContextVar[Any], value: object, fn: Callable[..., _T], /, *args: Any, **options: Any
) -> _T:
    token = variable.set(value)
    try:
        return fn(*args, **options)
    finally:
        variable.reset(token)
