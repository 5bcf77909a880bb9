"""Records to rows and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import Enum
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ..events import AnyEvent, CallEvent, TelemetryEvent, TokenEstimate, parse_event
from ..events.lifecycle import AnyLifecycleEvent, LifecycleEvent, parse_lifecycle_event
from ._records import Phase, Run

if TYPE_CHECKING:
    from collections.abc import Sequence


Record = TypeVar("Record", Run, Phase, TokenEstimate)

EVENT_COLUMNS: Final = (
    "event_id", "event_type", "ts", "run_id", "phase_id", "worker", "rerun", "stage",
    "subject_id", "user_id", "message_id", "tier", "prompt_version", "call_id", "attempt",
    "status", "origin", "clock", "provider", "wire_api", "host", "operation", "request_model",
    "response_model", "response_id", "finish_reason", "stream", "input_tokens", "output_tokens",
    "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens", "reasoning_tokens",
    "usage_source", "cost_nanousd", "cost_source", "price_table", "service_tier",
    "reported_cost_usd", "ttfb_ms", "ttfc_ms", "duration_ms", "recorded_ttfc_ms",
    "recorded_duration_ms", "profile", "scenario", "cassette", "cassette_verdict", "fault",
    "edit_latency_ms", "lines_emitted", "lines_accepted", "lines_rejected", "escalated",
    "escalation_reason", "http_status", "error_type", "error", "usage_raw", "request_content",
    "response_content",
)  # fmt: skip
LIFECYCLE_COLUMNS: Final = (
    "event_id", "event_type", "ts", "run_id", "phase_id", "worker", "rerun", "schema_version",
    "os", "arch", "product_version", "operation_id", "call_id", "inferred", "provider",
    "tool_name", "repo", "success", "cost_nanousd", "duration_ms", "attempts", "attempt_number",
    "error_category", "cause", "passed", "from_provider", "to_provider", "reason", "failures",
)  # fmt: skip
RUN_COLUMNS: Final = tuple(Run.model_fields)
PHASE_COLUMNS: Final = tuple(Phase.model_fields)
ESTIMATE_COLUMNS: Final = tuple(TokenEstimate.model_fields)

#: A call has them all.
_CALL_VALUES: Final = itemgetter(*EVENT_COLUMNS)
_JSON_COLUMNS: Final = ("usage_raw", "options", "deliverables")
_ENCODED_PLACES: Final = tuple(
    EVENT_COLUMNS.index(column) for column in ("ts", "status", "origin", "operation", "usage_raw")
)


def event_row(event: TelemetryEvent) -> list[Any]:
    """Return the values of `event` in the order of EVENT_COLUMNS."""
    # Not model_dump, and not every value through `_encode`: this runs for each event.
    fields = vars(event)
    is_call = isinstance(event, CallEvent)
    row = list(_CALL_VALUES(fields)) if is_call else list(map(fields.get, EVENT_COLUMNS))
    for place in _ENCODED_PLACES:
        row[place] = _encode(row[place])
    return row


def lifecycle_row(event: LifecycleEvent) -> list[Any]:
    """Return the values of `event` in the order of LIFECYCLE_COLUMNS."""
    return [_encode(vars(event).get(column)) for column in LIFECYCLE_COLUMNS]


def lifecycle_from_row(row: Sequence[Any]) -> AnyLifecycleEvent:
    """Make the event that a row of LIFECYCLE_COLUMNS holds."""
    return parse_lifecycle_event(_fields(LIFECYCLE_COLUMNS, row))


def record_row(record: Run | Phase | TokenEstimate) -> list[Any]:
    """Return the values of a record in the order of its fields."""
    return [_encode(vars(record)[column]) for column in type(record).model_fields]


def event_from_row(row: Sequence[Any]) -> AnyEvent:
    """Make the event that a row of EVENT_COLUMNS holds."""
    return parse_event(_fields(EVENT_COLUMNS, row))


def record_from_row(sort: type[Record], row: Sequence[Any]) -> Record:
    """Make the record that a row of its fields holds."""
    return sort.model_validate(_fields(tuple(sort.model_fields), row))


def timestamp_text(moment: datetime) -> str:
    """Write `moment` in RFC 3339, in UTC, to the microsecond: 27 characters that sort."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def timestamp(value: Any) -> datetime:
    """Read a time that a database gave back."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.astimezone(UTC)  # a server tells it in the zone of its session


def _encode(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return timestamp_text(value)
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return value


def _fields(columns: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    """Leave the unknown out, so that a record gets its own defaults."""
    fields = {
        column: value for column, value in zip(columns, row, strict=True) if value is not None
    }
    for column in _JSON_COLUMNS:
        if isinstance(fields.get(column), str):
            fields[column] = json.loads(fields[column])
    return fields
