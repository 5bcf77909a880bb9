"""The patch of pools of processes: their workers die of what is no `Exception`."""

from __future__ import annotations

from functools import partial, wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from .._patches import Patches


class WorkerError(RuntimeError):
    """What a pool's worker delivers of a call that was refused, or found no answer, in it."""


def patch_pool(module: ModuleType, patches: Patches, _: object) -> None:
    """Let a worker of `multiprocessing` deliver what our errors say, which it would die of."""

    def delivering(original: Callable[..., None]) -> Callable[..., None]:
        @wraps(original)
        def worker(inqueue: Any, *args: Any, **options: Any) -> None:
            original(_Jobs(inqueue), *args, **options)

        return worker

    patches.wrap(module, "worker", delivering)


class _Jobs:
    """The queue that a worker takes its jobs from."""

    def __init__(self, queue: Any) -> None:
        self._queue = queue

    def __getattr__(self, name: str) -> Any:
        return getattr(self._queue, name)

    def get(self) -> Any:
        task = self._queue.get()
        if task is None:
            return None
        job, number, call, *rest = task
        return job, number, partial(_deliverable, call), *rest


def _deliverable(call: Callable[..., Any], *args: Any, **options: Any) -> Any:
    try:
        return call(*args, **options)
    except BaseException as error:
        if isinstance(error, Exception) or not hasattr(error, "slug"):
            raise
        raise WorkerError(str(error)) from None
