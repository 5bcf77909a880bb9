"""The tables that can be exported, by the names that users have for them, and their columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args, get_origin

from pydantic import AwareDatetime

from ...events import CallEvent, TokenEstimate
from ...events import lifecycle as steps
from .._records import Phase, Run
from .._rows import EVENT_COLUMNS, LIFECYCLE_COLUMNS, timestamp_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pydantic import BaseModel


class Kind(Enum):
    """What a value is, whatever database it comes from; every one may be unknown (None).

    ID is a text, which a database may keep in bytes; TIME is text in RFC 3339, in UTC, with
    microseconds; JSON is its text; USD is an amount in whole 1e-9 USD that is shown in USD.
    """

    ID = "id"
    TEXT = "text"
    WHOLE = "whole"
    REAL = "real"
    FLAG = "flag"
    TIME = "time"
    JSON = "json"
    USD = "usd"


class Column(NamedTuple):
    """A column by its name in the export; `sql` is what the database is asked for."""

    name: str
    kind: Kind
    sql: str


_KINDS: Final = (
    *((bool, Kind.FLAG), (int, Kind.WHOLE), (float, Kind.REAL)),
    *((datetime, Kind.TIME), (AwareDatetime, Kind.TIME)),
)
_NESTED: Final = (dict, list, tuple)


def columns_of(*models: type[BaseModel], names: Iterable[str] | None = None) -> tuple[Column, ...]:
    """Return the columns that hold the fields of `models`; of those in `names`, in that order."""
    annotations: dict[str, Any] = {}
    for model in models:
        for name, field in model.model_fields.items():
            annotations.setdefault(name, field.annotation)
    wanted = annotations if names is None else names
    return tuple(Column(name, _kind(annotations[name]), name) for name in wanted)


def _kind(annotation: Any) -> Kind:
    """Return the kind of a field, where None and what may be said besides do not count."""
    parts = get_args(annotation)
    if hasattr(annotation, "__metadata__"):
        return _kind(parts[0])
    if type(None) in parts:
        return _kind(parts[0])
    if get_origin(annotation) in _NESTED or annotation in _NESTED:
        return Kind.JSON
    bases = (each for each in _KINDS if isinstance(annotation, type))
    return next((kind for base, kind in bases if issubclass(annotation, base)), Kind.TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportTable:
    """What is asked of the database for a table.

    `rows` is the table of records that it is made from, `source` what stands after FROM,
    `condition` holds for all rows of it. `key` are those of `columns` that tell one row from all
    others, `label` the place in it of what names a row best, `time` is the SQL of a row's age.
    `moment` and `key_of` turn a time and an exported key into what the database has for them.
    """

    name: str
    rows: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    time: str
    order: str
    source: str
    condition: str = ""
    label: int = 0
    moment: Callable[[datetime], Any] = timestamp_text
    key_of: Callable[[tuple[Any, ...]], tuple[Any, ...]] = tuple

    @property
    def title(self) -> str:
        """The documented name of its records."""
        return "model_events" if self.rows == "model_log" else self.rows


_STEPS = (
    *(steps.GenerationStarted, steps.GenerationCompleted, steps.RepairAttempt),
    *(steps.ValidationResult, steps.ProviderFailover, steps.CircuitBreakerTrip),
)
_OF_MODELS: Final = (
    (Kind.ID, ("event_id",)),
    (Kind.TEXT, ("event_type",)),
    (Kind.TIME, ("ts",)),
    (Kind.TEXT, ("run_id", "phase_id", "worker")),
    (Kind.WHOLE, ("rerun",)),
    (Kind.TEXT, ("component", "source")),
    (Kind.REAL, ("value",)),
    (Kind.WHOLE, ("tokens", "prompt_tokens")),
    (Kind.REAL, ("decode_ms", "prompt_ms", "load_ms", "queue_ms")),
    (Kind.REAL, ("used", "total", "trigger_threshold", "free_vram")),
    (Kind.TEXT, ("status",)),
    (Kind.FLAG, ("success",)),
    (Kind.ID, ("call_id",)),
    (Kind.JSON, ("details",)),
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_COST = Column("cost_usd", Kind.USD, "cost_nanousd")
_RUN_STARTED = "(SELECT started FROM runs WHERE runs.run_id = {table}.run_id)"


@cache
def export_tables() -> Mapping[str, ExportTable]:
    """Return the tables by name."""
    events = (_estimates(), _calls(), _telemetry(), _lifecycle(), _models(), _snapshots())
    return {table.name: table for table in (*events, _phases(), _runs())}


def _estimates() -> ExportTable:
    return _table(
        "estimates", "token_estimates", columns_of(TokenEstimate), key=("estimate_id",),
        order="ts, estimate_id",
    )  # fmt: skip


def _calls() -> ExportTable:
    return _table(
        "calls", "telemetry", (*columns_of(CallEvent), _COST), key=("event_id",),
        order="ts, event_id", condition="event_type = 'llm_call'",
    )  # fmt: skip


def _telemetry() -> ExportTable:
    columns = (*columns_of(CallEvent, names=EVENT_COLUMNS), _COST)
    return _table("telemetry", "telemetry", columns, key=("event_id",))


def _lifecycle() -> ExportTable:
    columns = (*columns_of(*_STEPS, names=LIFECYCLE_COLUMNS), _COST)
    return _table("lifecycle", "lifecycle_events", columns, key=("event_id",))


def _models() -> ExportTable:
    """Return the events of models, whose parts stand in columns of their own."""
    return ExportTable(
        name="models",
        rows="model_log",
        columns=tuple(Column(name, kind, name) for kind, names in _OF_MODELS for name in names),
        key=("ts", "event_id"),
        label=1,
        time="ts",
        order="ts, event_id",
        source="model_log JOIN model_owners USING (owner_id) JOIN model_series USING (series_id)",
        moment=microseconds,
        key_of=_model_key,
    )


def microseconds(moment: datetime) -> int:
    """Return a time as it stands in `model_log`."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _model_key(key: tuple[Any, ...]) -> tuple[int, bytes]:
    return microseconds(datetime.fromisoformat(key[0])), bytes.fromhex(key[1])


def _snapshots() -> ExportTable:
    whole = ("spent_nanousd", "requests", "input_tokens", "output_tokens")
    columns = (
        Column("run_id", Kind.TEXT, "run_id"),
        Column("ts", Kind.TIME, "ts"),
        *(Column(name, Kind.WHOLE, name) for name in whole),
        Column("spent_usd", Kind.USD, "spent_nanousd"),
    )
    return _table("snapshots", "cost_snapshots", columns, key=("run_id", "ts"))


def _phases() -> ExportTable:
    key = ("run_id", "phase_id", "worker", "rerun")
    started = _RUN_STARTED.format(table="phases")
    order = f"{started}, {', '.join(key)}"
    return _table("phases", "phases", columns_of(Phase), key=key, time=started, order=order)


def _runs() -> ExportTable:
    return _table(
        "runs", "runs", columns_of(Run), key=("run_id",), time="started", order="started, run_id"
    )


def _table(
    name: str,
    rows: str,
    columns: tuple[Column, ...],
    *,
    key: tuple[str, ...],
    time: str = "ts",
    order: str | None = None,
    condition: str = "",
) -> ExportTable:
    return ExportTable(
        name=name, rows=rows, columns=columns, key=key, time=time,
        order=order or ", ".join(key), source=rows, condition=condition,
    )  # fmt: skip
