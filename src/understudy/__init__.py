"""The test rig for LLM applications.

Importing this package imports nothing else: every name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .calls import Exchange, Operation, Origin, Request, Response, Status, ToolCall, Usage
    from .errors import UnderstudyError
    from .events import (
        CallEvent,
        DirectEditEvent,
        EscalationEvent,
        TelemetryEvent,
        UndoEvent,
    )
    from .hookspecs import hookimpl
    from .pricing import calculate_cost
    from .pytest_plugin._call_log import CallLog, LLMCall
    from .telemetry import LLMCallTracker, get_stats, record_event
    from .wire import read_exchange

__all__ = [
    "CallEvent",
    "CallLog",
    "DirectEditEvent",
    "EscalationEvent",
    "Exchange",
    "LLMCall",
    "LLMCallTracker",
    "Operation",
    "Origin",
    "Request",
    "Response",
    "Status",
    "TelemetryEvent",
    "ToolCall",
    "UnderstudyError",
    "UndoEvent",
    "Usage",
    "__version__",
    "calculate_cost",
    "get_stats",
    "hookimpl",
    "read_exchange",
    "record_event",
]

_HOMES: Final = {
    "calls": (
        "Exchange",
        "Operation",
        "Origin",
        "Request",
        "Response",
        "Status",
        "ToolCall",
        "Usage",
    ),
    "errors": ("UnderstudyError",),
    "events": ("CallEvent", "DirectEditEvent", "EscalationEvent", "TelemetryEvent", "UndoEvent"),
    "hookspecs": ("hookimpl",),
    "pricing": ("calculate_cost",),
    "pytest_plugin._call_log": ("CallLog", "LLMCall"),
    "telemetry": ("LLMCallTracker", "get_stats", "record_event"),
    "wire": ("read_exchange",),
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("importlib.metadata").version("pytest-understudy")
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f".{home}", __name__), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted(__all__)
