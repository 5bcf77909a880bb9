"""Model events to rows of `model_log` and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ...events.model import AnyModelEvent, ModelEvent, parse_model_event

if TYPE_CHECKING:
    from collections.abc import Sequence

OWNER_COLUMNS: Final = ("run_id", "phase_id", "worker", "rerun")
SERIES_COLUMNS: Final = ("component", "event_type", "source")
#: What an event says of its value, by the names of its fields; `tokens` is `tokens_generated`.
VALUE_COLUMNS: Final = (
    "value", "tokens", "prompt_tokens", "decode_ms", "prompt_ms", "load_ms", "queue_ms", "used",
    "total", "trigger_threshold", "free_vram", "status", "success",
)  # fmt: skip
_FIELDS: Final = tuple("tokens_generated" if name == "tokens" else name for name in VALUE_COLUMNS)
LOG_COLUMNS: Final = ("ts", "event_id", *VALUE_COLUMNS, "call_id", "details")

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class ModelRow(NamedTuple):
    """A row in words: its owner and series are numbers once it is written."""

    owner: tuple[Any, ...]
    series: tuple[Any, ...]
    #: In the order of LOG_COLUMNS.
    values: tuple[Any, ...]

    @property
    def run_id(self) -> str:
        """Whose it is."""
        return str(self.owner[0])

    @property
    def ts(self) -> int:
        """Microseconds since 1970."""
        return int(self.values[0])

    @property
    def key(self) -> tuple[int, bytes]:
        """What tells this row from all others."""
        return self.values[:2]


def micros(moment: datetime) -> int:
    """Return microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(microseconds: int) -> datetime:
    """Return the time that is so long after 1970."""
    return _EPOCH + microseconds * _MICROSECOND


def model_row(event: ModelEvent) -> ModelRow:
    """Return what is written of an event.

    Raises:
        ValueError: it does not say which one it is, or when it was.
    """
    fields = vars(event)
    for name in ("event_id", "ts"):
        if fields[name] is None:
            msg = f"{name}: Field required"
            raise ValueError(msg)
    call_id, details = fields["call_id"], fields["details"]
    get = fields.get
    values = (
        micros(fields["ts"]),
        bytes.fromhex(fields["event_id"]),
        *map(get, _FIELDS),
        None if call_id is None else bytes.fromhex(call_id),
        json.dumps(details, ensure_ascii=False) if details else None,
    )
    return ModelRow(tuple(map(get, OWNER_COLUMNS)), tuple(map(get, SERIES_COLUMNS)), values)


def model_from_row(row: Sequence[Any]) -> AnyModelEvent:
    """Make the event that the columns of owner, series and log hold, in this order."""
    columns = (*OWNER_COLUMNS, *SERIES_COLUMNS, "ts", "event_id", *_FIELDS, "call_id", "details")
    known = zip(columns, row, strict=True)
    fields = {name: value for name, value in known if value is not None}
    fields["ts"] = moment_of(fields["ts"])
    for name in ("event_id", "call_id"):
        if name in fields:
            fields[name] = bytes(fields[name]).hex()
    if isinstance(fields.get("details"), str):
        fields["details"] = json.loads(fields["details"])
    return parse_model_event(fields)
