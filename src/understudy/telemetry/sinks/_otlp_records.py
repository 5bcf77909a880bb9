"""Events as spans and log records of OpenTelemetry.

Names are those of the GenAI conventions (semantic-conventions-genai 0.1.0), with the ones before
them beside; what they have no name for stands below `understudy.`.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk import _logs, resources
from opentelemetry.sdk import trace as sdk
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from ... import calls
from ...events import CallEvent, usd
from ...events.lifecycle import LifecycleEvent, ValidationResult
from ...events.model import ModelEvent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._event_log import Recorded

_NANO: Final = 1_000_000_000
_MILLION: Final = 1_000_000
_HALF: Final = 2**64 - 1

#: Attributes by the fields of a call; of two names the second is the one of before.
_CALL: Final = {
    "provider": ("gen_ai.provider.name", "gen_ai.system"),
    "operation": ("gen_ai.operation.name",),
    "request_model": ("gen_ai.request.model",),
    "response_model": ("gen_ai.response.model",),
    "response_id": ("gen_ai.response.id",),
    "input_tokens": ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"),
    "output_tokens": ("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"),
    "cache_read_tokens": ("gen_ai.usage.cache_read.input_tokens",),
    "cache_write_tokens": ("gen_ai.usage.cache_creation.input_tokens",),
    "reasoning_tokens": ("gen_ai.usage.reasoning.output_tokens",),
    "http_status": ("http.response.status_code",),
    "error_type": ("error.type",),
    "wire_api": ("understudy.wire_api",),
    "origin": ("understudy.origin",),
    "clock": ("understudy.clock",),
    "cost_source": ("understudy.cost.source",),
}
#: The same of lifecycle events; what has no name here keeps its own below `understudy.`.
_LIFECYCLE: Final = {"provider": "gen_ai.provider.name", "error_category": "error.type"}
_OWNER: Final = {
    "run_id": "understudy.run.id",
    "phase_id": "test.case.name",
    "worker": "understudy.worker",
    "call_id": "understudy.call.id",
}
_ASIDE: Final = frozenset({"event_id", "ts", "event_type", "rerun", "cost_nanousd", "details"})


#: They log what fails, into what tests capture; it is counted and said instead.
_LOGGERS: Final = (
    logging.getLogger(OTLPSpanExporter.__module__),
    logging.getLogger(OTLPLogExporter.__module__),
)


class Exporters:
    """OpenTelemetry's exporters, and what all that they send has in common."""

    def __init__(self, address: str) -> None:
        self._spans = OTLPSpanExporter(f"{address}/v1/traces" if address else None)
        self._logs = OTLPLogExporter(f"{address}/v1/logs" if address else None)
        self._resource = resources.Resource({"service.name": "pytest"}).merge(
            resources.OTELResourceDetector().detect()
        )
        self._scope = InstrumentationScope("understudy", version("pytest-understudy"))
        for logger in _LOGGERS:
            logger.addFilter(_is_not_ours)

    def close(self) -> None:
        """Give up the connections, and what is being sent once more."""
        self._spans.shutdown()  # type: ignore[no-untyped-call]
        self._logs.shutdown()  # type: ignore[no-untyped-call]

    def export(self, batch: Sequence[tuple[Recorded, ...]], timeout: float) -> None:
        """Send spans and log records.

        Raises:
            ConnectionError: the collector did not take them.
        """
        del timeout  # the exporter has its own, and nobody waits longer for this thread than told
        spans = [self._span(each) for each in batch if isinstance(each[-1], CallEvent)]
        told = (event for event, *_ in batch)
        records = [
            self._record(event) for event in told if isinstance(event, LifecycleEvent | ModelEvent)
        ]
        results = [
            self._spans.export(spans).name if spans else "SUCCESS",
            self._logs.export(records).name if records else "SUCCESS",
        ]
        if results != ["SUCCESS", "SUCCESS"]:
            msg = "the collector did not take them"
            raise ConnectionError(msg)

    def _span(self, attempts: Sequence[Recorded]) -> sdk.ReadableSpan:
        calls_made = [each for each in attempts if isinstance(each, CallEvent)]
        first, last = calls_made[0], calls_made[-1]
        return sdk.ReadableSpan(
            name=" ".join(filter(None, (str(last.operation or "llm"), last.request_model))),
            context=_context_of(last.call_id),
            resource=self._resource,
            instrumentation_scope=self._scope,
            kind=SpanKind.CLIENT,
            attributes=_call_attributes(calls_made),
            events=[_attempt(each) for each in calls_made] if len(calls_made) > 1 else (),
            status=_status_of(last),
            start_time=_moment(first.ts) - _real_nanoseconds(first),
            end_time=_moment(last.ts),
        )

    def _record(self, event: LifecycleEvent | ModelEvent) -> _logs.ReadableLogRecord:
        moment = _moment(event.ts or datetime.now(UTC))
        joined = event.call_id or getattr(event, "operation_id", None)
        name, attributes = _named(event)
        record = LogRecord(
            timestamp=moment,
            observed_timestamp=moment,
            context=set_span_in_context(NonRecordingSpan(_context_of(joined)), Context())
            if joined
            else Context(),
            severity_number=SeverityNumber.INFO,
            severity_text="INFO",
            attributes=attributes,
            event_name=name,
        )
        return _logs.ReadableLogRecord(record, self._resource, self._scope)


def _call_attributes(attempts: Sequence[CallEvent]) -> dict[str, Any]:
    call = attempts[-1]
    known = {
        name: _plain(value)
        for field, names in _CALL.items()
        if (value := getattr(call, field)) is not None
        for name in names
    }
    host, _, port = (call.host or "").partition(":")
    costs = [each.cost_nanousd for each in attempts if each.cost_nanousd is not None]
    extra = {
        **_owner_attributes(call),
        "server.address": host or None,
        "server.port": int(port) if port.isdecimal() else None,
        "gen_ai.response.finish_reasons": [call.finish_reason] if call.finish_reason else None,
        "gen_ai.response.time_to_first_chunk": _simulated(call, None, call.ttfc_ms),
        "understudy.simulated.duration_ms": _simulated(call, call.duration_ms, None),
        "understudy.simulated.ttfc_ms": _simulated(call, call.ttfc_ms, None),
        "understudy.attempts": len(attempts),
        "understudy.cost.usd": float(usd(sum(costs))) if costs else None,
    }
    return known | {name: value for name, value in extra.items() if value is not None}


def _simulated(call: CallEvent, virtual: float | None, real: float | None) -> float | None:
    """Return milliseconds of a simulated clock, or seconds of a real one."""
    if call.clock == "virtual":
        return virtual
    return None if real is None else real / 1000


def _attempt(call: CallEvent) -> sdk.Event:
    known = {
        "understudy.attempt": call.attempt,
        "http.response.status_code": call.http_status,
        "error.type": call.error_type,
    }
    attributes = {name: value for name, value in known.items() if value is not None}
    return sdk.Event("understudy.attempt", attributes, _moment(call.ts))


def _named(event: LifecycleEvent | ModelEvent) -> tuple[str, dict[str, Any]]:
    """Return the name of a record, and its attributes."""
    fields = event.model_dump(mode="json", exclude_none=True)
    own = {
        _LIFECYCLE.get(name, f"understudy.{name}"): value
        for name, value in fields.items()
        if name not in _ASIDE and name not in _OWNER
    }
    if "cost_nanousd" in fields:
        own["understudy.cost.usd"] = float(usd(fields["cost_nanousd"]))
    if isinstance(event, ModelEvent):
        own |= {f"understudy.metadata.{name}": each for name, each in event.details.items()}
    attributes = {**own, **_owner_attributes(event)}
    if not isinstance(event, ValidationResult):
        return f"understudy.{fields['event_type'].removeprefix('llm_').lower()}", attributes
    return "gen_ai.evaluation.result", attributes | {
        "gen_ai.evaluation.name": event.tool_name or "validation",
        "gen_ai.evaluation.score.label": "pass" if event.passed else "fail",
        "gen_ai.evaluation.score.value": float(event.passed),
    }


def _owner_attributes(event: Recorded) -> dict[str, Any]:
    found = {name: getattr(event, field, None) for field, name in _OWNER.items()}
    return {name: value for name, value in found.items() if value is not None}


def _status_of(call: CallEvent) -> Status:
    if call.status is calls.Status.ERROR:
        return Status(StatusCode.ERROR, call.error)
    return Status(StatusCode.UNSET)


def _context_of(identity: str) -> SpanContext:
    """Make the ids of a span from those of a call or an operation: 32 hexadecimal digits."""
    try:
        number = int(identity, 16)
    except ValueError:
        number = int.from_bytes(identity.encode()[-16:], "big")
    number &= 2**128 - 1
    return SpanContext(number or 1, number & _HALF or 1, False, TraceFlags(TraceFlags.SAMPLED))


def _moment(at: datetime) -> int:
    return int(at.timestamp() * _MILLION) * 1000


def _real_nanoseconds(call: CallEvent) -> int:
    """Return how long an attempt took; on a simulated clock that is not known, and next to none."""
    return 0 if call.clock == "virtual" else int((call.duration_ms or 0) * _MILLION)


def _plain(value: Any) -> Any:
    return value.value if hasattr(value, "value") else value


def _is_not_ours(record: logging.LogRecord) -> bool:
    return record.threadName != "understudy-sink"
