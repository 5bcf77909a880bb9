"""Brings the model events of the table before over, once."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from ....events.model import ID_PATTERN, AnyModelEvent, parse_model_event
from ..._models import write_models
from ..._rows import timestamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..._connection import Connection

_CHUNK: Final = 10_000
_COLUMNS: Final = (
    "event_id", "event_type", "ts", "run_id", "phase_id", "worker", "rerun", "component",
    "value", "tokens", "status", "success", "metadata",
)  # fmt: skip
_OLD: Final = (
    f"SELECT {', '.join(_COLUMNS)} FROM model_events_before "  # noqa: S608
    f"WHERE event_id > ? ORDER BY event_id LIMIT {_CHUNK}"
)
#: What follows from the rest.
_DERIVED: Final = {
    "model", "load_time_ms", "inference_time_ms", "tokens_generated", "total_tokens",
    "latency_per_token_ms", "percentage",
}  # fmt: skip
_OWN_FIELDS: Final = {
    "THOUGHT_LATENCY": ("prompt_tokens", "decode_ms", "prompt_ms", "load_ms", "queue_ms"),
    "VRAM_CHECK": ("used", "total"),
    "VRAM_LOCKOUT": ("trigger_threshold", "free_vram"),
}


def carry_events(connection: Connection) -> None:
    """Write the old rows as they are written today, rollups and all, and drop their table.

    Nothing of ours wrote any. A row that is no such event, as one of a negative time, is left.
    """
    last = ""
    while rows := connection.execute(_OLD, (last,)):
        write_models(connection, [event for row in rows if (event := _event(row)) is not None])
        last = rows[-1][0]
    connection.execute("DROP TABLE model_events_before")


def _event(row: Sequence[Any]) -> AnyModelEvent | None:
    known = dict(zip(_COLUMNS, row, strict=True))
    metadata, tokens = _object(known.pop("metadata")), known.pop("tokens")
    known["event_id"] = _id(known["event_id"])
    known["ts"] = timestamp(known["ts"])
    kind = known["event_type"]
    if kind == "THOUGHT_LATENCY":
        known["tokens_generated"] = tokens or None
    if kind != "LOAD_LATENCY":
        del known["success"]
    own = {name: metadata.pop(name, None) for name in _OWN_FIELDS.get(kind, ())}
    details = {name: value for name, value in metadata.items() if name not in _DERIVED}
    fields = {**known, **own, "details": details}
    return _parsed({name: value for name, value in fields.items() if value is not None})


def _parsed(fields: dict[str, Any]) -> AnyModelEvent | None:
    try:
        return parse_model_event(fields)
    except ValidationError:
        return None


def _id(text: str) -> str:
    return text if ID_PATTERN.fullmatch(text) else sha256(text.encode()).hexdigest()[:32]


def _object(metadata: Any) -> dict[str, Any]:
    found: Any = json.loads(metadata) if isinstance(metadata, str) else metadata
    if not isinstance(found, dict):
        return {}
    return {name: _scalar(value) for name, value in found.items()}


def _scalar(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, (dict, list)) else value
