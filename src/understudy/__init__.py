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
        Estimate,
        TelemetryEvent,
        TokenEstimate,
        UndoEvent,
    )
    from .hookspecs import hookimpl
    from .intercept.cassettes import use_cassette
    from .mock import MockLLM, MockReply, get_llm
    from .model_log import AsyncTelemetryLogger, TelemetryLogger
    from .pricing import calculate_cost
    from .program import recording
    from .program._calls import RecordedCalls
    from .providers.exchange import read_exchange
    from .pytest_plugin.features.lifecycle import LLMEvents
    from .telemetry import CallLog, LLMCall, LLMCallTracker, get_stats, record_event

__all__ = [
    "AsyncTelemetryLogger",
    "CallEvent",
    "CallLog",
    "DirectEditEvent",
    "EscalationEvent",
    "Estimate",
    "Exchange",
    "LLMCall",
    "LLMCallTracker",
    "LLMEvents",
    "MockLLM",
    "MockReply",
    "Operation",
    "Origin",
    "RecordedCalls",
    "Request",
    "Response",
    "Status",
    "TelemetryEvent",
    "TelemetryLogger",
    "TokenEstimate",
    "ToolCall",
    "UnderstudyError",
    "UndoEvent",
    "Usage",
    "__version__",
    "calculate_cost",
    "get_llm",
    "get_stats",
    "hookimpl",
    "read_exchange",
    "record_event",
    "recording",
    "use_cassette",
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
    "events": (
        "CallEvent",
        "DirectEditEvent",
        "EscalationEvent",
        "Estimate",
        "TelemetryEvent",
        "TokenEstimate",
        "UndoEvent",
    ),
    "hookspecs": ("hookimpl",),
    "intercept.cassettes": ("use_cassette",),
    "mock": ("MockLLM", "MockReply", "get_llm"),
    "model_log": ("AsyncTelemetryLogger", "TelemetryLogger"),
    "pricing": ("calculate_cost",),
    "program": ("recording",),
    "program._calls": ("RecordedCalls",),
    "providers.exchange": ("read_exchange",),
    "pytest_plugin.features.lifecycle": ("LLMEvents",),
    "telemetry": ("CallLog", "LLMCall", "LLMCallTracker", "get_stats", "record_event"),
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
