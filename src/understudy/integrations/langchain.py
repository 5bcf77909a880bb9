"""The outermost run of langchain or langgraph is an operation; fallbacks and retries are told."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from . import _telling

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..lifecycle import Generation
    from ..telemetry import Attempt, TrackerHost

_HOLDS: Final = _telling.Holds()
#: The tag of what `with_retry` tries again, before the number of the attempt.
_RETRY: Final = "retry:attempt:"


def install() -> Callable[[], None]:
    """Let each outermost run of a chain, graph or model be an operation; return what undoes it.

    There is none inside an operation. What `with_retry` tries again is a repair attempt; another
    provider that `with_fallbacks` asks is found by the calls themselves. langchain keeps what it
    was told to call, which is quiet after the undoing.

    Raises:
        IntegrationError: langchain-core is not installed.
    """
    return _HOLDS.hold(_handler(), add=_nothing, remove=_nothing)


def _nothing() -> None:
    """Leave langchain's list as it is."""


@cache
def _handler() -> Any:
    base = _telling.required("langchain_core.callbacks", package="langchain-core")
    context = _telling.required("langchain_core.tracers.context", package="langchain-core")
    handler = type("UnderstudyHandler", (_Runs, base.BaseCallbackHandler), {})()
    variable = ContextVar("understudy_langchain", default=handler)
    context.register_configure_hook(variable, inheritable=True)
    return handler


@dataclass(frozen=True)
class _Failure:
    """What failed last inside a run, and the call that failed with it."""

    error: BaseException
    attempt: Attempt | None


class _Runs:
    """A `BaseCallbackHandler`: it runs where the run does, so that what it opens is seen there."""

    run_inline = True
    ignore_agent = ignore_retriever = ignore_custom_event = True

    def __init__(self) -> None:
        self._open: dict[Any, Generation | None] = {}
        self._failures: dict[Any, _Failure] = {}

    def on_chain_start(
        self, serialized: dict[str, Any] | None, _inputs: Any, *, run_id: Any, **told: Any
    ) -> None:
        """Begin an operation, or try something again."""
        name = told.get("name") or (serialized or {}).get("name")
        _telling.hear("langchain", self._begin, run_id, name, told)

    on_llm_start = on_chat_model_start = on_chain_start

    def on_chain_end(self, _outputs: Any, *, run_id: Any, **_: Any) -> None:
        """End the operation."""
        self._end(run_id)

    on_llm_end = on_chain_end

    def on_chain_error(self, error: BaseException, *, run_id: Any, **told: Any) -> None:
        """End the operation, or remember what failed inside it."""
        if (parent := told.get("parent_run_id")) is not None:
            _telling.hear("langchain", self._fail, error, run_id, parent)
        self._end(run_id, error)

    on_llm_error = on_chain_error

    def _begin(
        self, telemetry: TrackerHost, run_id: Any, name: object, told: dict[str, Any]
    ) -> None:
        parent = told.get("parent_run_id")
        if not _HOLDS.has(self):
            return
        if parent is None:
            self._open[run_id] = _telling.begin_operation(telemetry, name)
        elif (failure := self._failures.get(parent)) is not None:
            telemetry.lifecycle.go_on_after(failure.attempt)
            for tag in told.get("tags") or ():
                if tag.startswith(_RETRY):
                    number = int(tag.removeprefix(_RETRY)) - 1
                    _telling.tell_repair(telemetry, number=number, error=failure.error)

    def _fail(self, telemetry: TrackerHost, error: BaseException, run_id: Any, parent: Any) -> None:
        """Remember the call: langchain runs each step in a context of its own, which loses it."""
        if not _HOLDS.has(self):
            return
        inside = self._failures.get(run_id)
        attempt = telemetry.lifecycle.last_attempt() if inside is None else inside.attempt
        self._failures[parent] = _Failure(error, attempt)

    def _end(self, run_id: Any, error: BaseException | None = None) -> None:
        self._failures.pop(run_id, None)
        if (operation := self._open.pop(run_id, None)) is not None:
            operation.finish(error)
