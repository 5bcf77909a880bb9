"""An operation of the application: what it began, mended and came to, and what its calls cost."""

from __future__ import annotations

from contextlib import aclosing
from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from typing import TYPE_CHECKING, Any, Self, TypeVar

from ..events import lifecycle, new_id
from ..telemetry import active_telemetry
from ._factories import build

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator

    from ..telemetry import AttemptScope, RecordedCall, TrackerHost

Function = TypeVar("Function", bound="Callable[..., Any]")


class Generation:
    """One operation: a context manager, sync and async, and a decorator.

    It sends `llm_generation_started` and `llm_generation_completed`. Attempts and cost (at list
    price) are those of the calls made inside, in this task or thread and those started from it;
    they are unknown where no call was seen, the cost also where that of any call is. Time passes
    on the clock of the test. An exception is recorded as a failure with its type's name for a
    category, and goes on. Without an active run or sender it does nothing.

    Raises:
        ValueError: an argument cannot be used.
    """

    def __init__(
        self, *, provider: str | None = None, tool_name: str | None = None, repo: str | None = None
    ) -> None:
        self._labels = {"provider": provider, "tool_name": tool_name, "repo": repo}
        build(lifecycle.GenerationStarted, **self._labels)
        self._telemetry: TrackerHost | None = None
        self._operation_id = ""
        self._started = 0.0
        self._begun = 0
        self._ended: list[dict[str, Any]] = []
        self._repairs = 0
        self._failure: str | None = None
        self.outer: AttemptScope | None = None
        self.is_finished = False

    @property
    def operation_id(self) -> str | None:
        """What joins its events."""
        return self._operation_id

    @property
    def tool_name(self) -> str | None:
        """What the application calls it."""
        return self._labels["tool_name"]

    def attempt_began(self) -> None:
        """Count an attempt made inside."""
        self._begun += 1
        if self.outer is not None:
            self.outer.attempt_began()

    def attempt_ended(self, fields: dict[str, Any]) -> None:
        """Keep what an attempt made inside came to."""
        self._ended.append(fields)
        if self.outer is not None:
            self.outer.attempt_ended(fields)

    def attempt_recorded(self, recorded: RecordedCall) -> None:
        """Hand it on to whoever is open around."""
        if self.outer is not None:
            self.outer.attempt_recorded(recorded)

    def repair(self, error_category: str | None = None) -> None:
        """Say that the model is asked to do better, because of such an error."""
        self._repairs += 1
        self._send(
            lifecycle.RepairAttempt,
            **self._labels,
            attempt_number=self._repairs,
            error_category=_category(error_category),
            cause="content",
        )

    def validated(self, passed: bool, *, error_category: str | None = None) -> bool:  # noqa: FBT001 - reads well
        """Say how the answer fared that was checked; return that."""
        passed = bool(passed)
        self._send(
            lifecycle.ValidationResult,
            **self._labels,
            passed=passed,
            attempt_number=self._repairs + 1,
            error_category=None if passed else _category(error_category),
        )
        return passed

    def failover(self, to_provider: str, reason: str | None = None) -> None:
        """Say that another provider is asked from here on."""
        before, self._labels["provider"] = self._labels["provider"], to_provider
        self._send(
            lifecycle.ProviderFailover,
            from_provider=before or "unknown",
            to_provider=to_provider,
            reason=reason,
            tool_name=self._labels["tool_name"],
        )

    def fail(self, error_category: str) -> None:
        """Say that the operation fails, though no exception leaves it."""
        category = _category(error_category)
        self._failure = category if isinstance(category, str) else type(category).__name__

    def start(self) -> Self:
        """Begin; a second call does nothing."""
        telemetry = active_telemetry()
        if telemetry is None or not telemetry.lifecycle.is_on or self._telemetry is not None:
            return self
        self._telemetry = telemetry
        self._operation_id = new_id()
        self._started = telemetry.owner_time()
        telemetry.open_scope(self)
        self._send(lifecycle.GenerationStarted, **self._labels)
        return self

    def finish(self, error: BaseException | None = None) -> None:
        """End; a second call does nothing."""
        if self._telemetry is None or self.is_finished:
            return
        self.is_finished = True
        category = self._failure if error is None else type(error).__name__
        elapsed = (self._telemetry.owner_time() - self._started) * 1000
        is_known = self._begun == len(self._ended)
        self._send(
            lifecycle.GenerationCompleted,
            **self._labels,
            success=category is None,
            duration_ms=round(max(elapsed, 0.0), 3),
            attempts=self._begun or None,
            error_category=category,
            cost_of=self._ended if is_known else (),
        )

    def _send(self, sort: type[Any], *, cost_of: Any = (), **fields: Any) -> None:
        telemetry = self._telemetry
        if telemetry is None:
            return
        with telemetry.event_log.faults.contained(f"sending the {sort.__name__} of an operation"):
            event = build(sort, operation_id=self._operation_id, **fields)
            telemetry.lifecycle.take(event, attempts=cost_of)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self.finish(error)

    async def __aenter__(self) -> Self:
        return self.start()

    async def __aexit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self.finish(error)

    def __call__(self, function: Function) -> Function:
        """Return `function` with an operation around each call, streams included."""
        decorated: Function = _decorated(function, lambda: Generation(**self._labels))
        return decorated


#: How applications write it: `with lifecycle.generation(tool_name="summarise") as op:`.
generation = Generation


def _category(why: object) -> object:
    """Return what was said; of an error its type, for its text is nobody's business."""
    return type(why).__name__ if isinstance(why, BaseException) else why


def _decorated(function: Any, begin: Callable[[], Generation]) -> Any:
    if iscoroutinefunction(function):
        return wraps(function)(_coroutine(function, begin))
    if isasyncgenfunction(function):
        return wraps(function)(_async_stream(function, begin))
    if isgeneratorfunction(function):
        return wraps(function)(_stream(function, begin))

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        with begin():
            return function(*args, **kwargs)

    return call


def _coroutine(function: Any, begin: Callable[[], Generation]) -> Any:
    async def call(*args: Any, **kwargs: Any) -> Any:
        with begin():
            return await function(*args, **kwargs)

    return call


def _stream(function: Any, begin: Callable[[], Generation]) -> Any:
    def call(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        with begin():
            return (yield from function(*args, **kwargs))

    return call


def _async_stream(function: Any, begin: Callable[[], Generation]) -> Any:
    async def call(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        with begin():
            async with aclosing(function(*args, **kwargs)) as items:
                async for item in items:
                    yield item

    return call
