"""What ordinary calls tell of the models that answer: that they loaded, how fast they think."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..calls import Origin, Status
from ..events import new_id
from ..events.model import parse_model_event
from ._event_log import clean_fields

if TYPE_CHECKING:
    from ..wire.timings import Timings
    from ._event_log import EventLog
    from ._owner import Owner

_MEASURED: Final = frozenset({Origin.LIVE, Origin.RECORDED})
_PARTS: Final = ("decode_ms", "prompt_ms", "load_ms", "queue_ms")
_NAME_LENGTH: Final = 200
#: A model that is there already is ready sooner, or this many times as late as usual at most.
_READY_MS: Final = 200
_TIMES_THE_USUAL: Final = 5
_SAMPLES: Final = 31
#: Paths of model files, as servers of one file call it.
_ABSOLUTE: Final = re.compile(r"/|\\\\|[A-Za-z]:[\\/]")
_SEPARATOR: Final = re.compile(r"[\\/]")

#: The id of a thought differs from that of its call's event in the last digit.
_OTHER_DIGIT: Final = dict(zip("0123456789abcdef", "89abcdef01234567", strict=True))

Fields = dict[str, Any]


class _Ready(NamedTuple):
    source: str
    ms: float
    is_load: bool


class _Measured(NamedTuple):
    source: str
    ms_per_token: float


@dataclass(eq=False, slots=True)
class CallModels:
    """Writes the model events of calls as they end.

    Only what a model did itself and in real time tells anything of it: answers that were played,
    failed or given up tell nothing.
    """

    event_log: EventLog
    _resident: dict[tuple[str | None, str, str], deque[float]] = field(default_factory=dict)

    def ended(self, owner: Owner, fields: Fields, timings: Timings | None) -> None:
        """Take a call that ended, and what its engine told of its time."""
        if not _is_measured(owner, fields) or (component := _component(fields)) is None:
            return
        ready = None if timings is None else _readied(fields, timings)
        if ready is not None and self._has_loaded(fields["host"], component, ready):
            self._write(owner, _load(fields, component, ready))
        if (thought := _thought(fields, component, timings)) is not None:
            self._write(owner, thought)

    def _has_loaded(self, host: str | None, component: str, ready: _Ready) -> bool:
        """Tell a load from the time that a resident model takes to be ready, and learn that."""
        if ready.is_load:
            return True
        took, model = ready.ms, (host, component, ready.source)
        usual = self._resident.setdefault(model, deque(maxlen=_SAMPLES))
        if took > _READY_MS and (not usual or took >= _TIMES_THE_USUAL * _median(usual)):
            return True
        usual.append(took)
        return False

    def _write(self, owner: Owner, event: Fields) -> None:
        self.event_log.write({"kind": "model", **event})
        self.event_log.publish(owner, lambda: parse_model_event(clean_fields(event)))


def _is_measured(owner: Owner, fields: Fields) -> bool:
    return (
        fields["status"] is Status.OK
        and fields["origin"] in _MEASURED
        and fields.get("clock", "real") == "real"
        and (owner.clock is None or owner.clock.name == "real")
    )


def _component(fields: Fields) -> str | None:
    """Return the model that answered, or that was asked; of a path to a file its name alone."""
    name: str | None = fields.get("response_model") or fields.get("request_model")
    if name and _ABSOLUTE.match(name):
        name = _SEPARATOR.split(name)[-1]
    return name[:_NAME_LENGTH] if name else None


def _readied(fields: Fields, timings: Timings) -> _Ready | None:
    """Return how long it took until the model was ready; None where nobody told."""
    if timings.load_ms is not None:
        return _Ready("engine", timings.load_ms, timings.is_load)
    return _Ready("response", fields["duration_ms"], False) if timings.only_readies else None


def _load(fields: Fields, component: str, ready: _Ready) -> Fields:
    load = {"event_type": "LOAD_LATENCY", "value": ready.ms / 1000, "source": ready.source}
    return {"event_id": new_id(), **_stamp(fields, component), **load}


def _thought(fields: Fields, component: str, timings: Timings | None) -> Fields | None:
    """Return how long each token took; None where no tokens or no time are known."""
    counted = timings.usage if timings is not None else None
    tokens = counted.output_tokens if counted else fields.get("output_tokens")
    read = counted.input_tokens if counted else fields.get("input_tokens")
    if not tokens or fields.get("usage_source") != "provider":
        return None
    measured = _by_engine(timings, tokens) or _by_client(fields, timings, tokens)
    if measured is None:
        return None
    event_id = fields["event_id"]
    event = {
        "event_id": event_id[:-1] + _OTHER_DIGIT[event_id[-1]],
        **_stamp(fields, component),
        "event_type": "THOUGHT_LATENCY",
        "source": measured.source,
        "value": measured.ms_per_token,
        "tokens_generated": tokens,
        "prompt_tokens": read,
    }
    return event if timings is None else {**event, **_parts(timings)}


def _stamp(fields: Fields, component: str) -> Fields:
    return {
        "ts": fields["ts"],
        "run_id": fields["run_id"],
        "phase_id": fields["phase_id"],
        "worker": fields["worker"],
        "rerun": fields["rerun"],
        "call_id": fields["call_id"],
        "component": component,
    }


def _parts(timings: Timings) -> Fields:
    told = {name: getattr(timings, name) for name in _PARTS}
    return {name: each for name, each in told.items() if each is not None}


def _by_engine(timings: Timings | None, tokens: int) -> _Measured | None:
    inference = None if timings is None else timings.inference_ms
    return _Measured("engine", inference / tokens) if inference else None


def _by_client(fields: Fields, timings: Timings | None, tokens: int) -> _Measured | None:
    """Measure from the first content on, or all of the call without what loading took.

    Thoughts may have been hidden, before the first content, and their tokens are counted all the
    same: then only the whole tells anything.
    """
    duration, first = fields["duration_ms"], fields.get("ttfc_ms")
    streamed = fields.get("stream") and first is not None and duration > first
    if streamed and tokens > 1 and not fields.get("reasoning_tokens"):
        return _Measured("stream", (duration - first) / (tokens - 1))
    load = 0 if timings is None else timings.load_ms or 0
    return _Measured("response", (duration - load) / tokens) if duration > load else None


def _median(samples: deque[float]) -> float:
    return sorted(samples)[(len(samples) - 1) // 2]
