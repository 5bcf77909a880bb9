"""A trace of openai-agents is an operation, its guardrails are validations."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

from . import _telling

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..lifecycle import Generation
    from ..telemetry import TrackerHost

_HOLDS: Final = _telling.Holds()
_LIBRARY: Final = "openai-agents"


def install() -> Callable[[], None]:
    """Let each trace be an operation and each guardrail a validation; return what undoes it.

    A run is a trace of its own, unless it stands in one. Its workflow's name is the operation's.
    There are none while the tracing of the SDK is disabled, and none inside an operation.

    Raises:
        IntegrationError: openai-agents is not installed.
    """
    tracing = _telling.required("agents.tracing", package=_LIBRARY)
    ours, provider = _traces(), tracing.get_trace_provider()

    def add() -> None:
        there = _processors(provider)
        if provider not in ours.unseen if there is None else ours not in there:
            tracing.add_trace_processor(ours)
            ours.unseen.add(provider)

    def remove() -> None:
        there = _processors(provider)
        if there is not None:  # else it stays, and is quiet
            provider.set_processors([each for each in there if each is not ours])

    return _HOLDS.hold(ours, add=add, remove=remove)


def _processors(provider: Any) -> tuple[Any, ...] | None:
    """Return what is told of traces; None for a provider of the application's own."""
    found = getattr(getattr(provider, "_multi_processor", None), "_processors", None)
    return found if isinstance(found, tuple) else None


@cache
def _traces() -> _Traces:
    return _Traces()


class _Traces:
    """A `TracingProcessor`; `unseen` are the providers that do not show what they tell."""

    def __init__(self) -> None:
        self.unseen: WeakSet[Any] = WeakSet()
        self._open: dict[str, _Trace] = {}

    def on_trace_start(self, trace: Any) -> None:
        """Begin an operation."""
        _telling.hear(_LIBRARY, self._begin, trace)

    def on_trace_end(self, trace: Any) -> None:
        """End it, with the exception that leaves the trace."""
        if (ended := self._open.pop(trace.trace_id, None)) is not None and ended.operation:
            ended.operation.finish(ended.failure())

    def on_span_start(self, span: Any) -> None:
        """Wait for its end."""

    def on_span_end(self, span: Any) -> None:
        """Tell how a guardrail found its text."""
        if span.span_data.type == "guardrail":
            _telling.hear(_LIBRARY, self._check, span)

    def shutdown(self) -> None:
        """Keep nothing back."""

    def force_flush(self) -> None:
        """Keep nothing back."""

    def _begin(self, telemetry: TrackerHost, trace: Any) -> None:
        if not _HOLDS.has(self):
            return
        operation = _telling.begin_operation(telemetry, trace.name)
        self._open[trace.trace_id] = _Trace(operation, sys.exc_info()[1])

    def _check(self, telemetry: TrackerHost, span: Any) -> None:
        trace, checked = self._open.get(span.trace_id), span.span_data
        if trace is None or (trace.failure() is not None and not checked.triggered):
            return  # the guardrail itself failed
        category = checked.name if checked.triggered else None
        _telling.tell_validation(telemetry, passed=not checked.triggered, category=category)


@dataclass(frozen=True)
class _Trace:
    """One that is open; `around` is the exception that the application was handling before."""

    operation: Generation | None
    around: BaseException | None

    def failure(self) -> BaseException | None:
        """Return the exception that is on its way."""
        error = sys.exc_info()[1]
        return None if error is self.around else error
