"""Reads the journals of dead or finished runs into records.

A line is a JSON object with its `kind`: `run`, `phase`, `event`, `annotation`, which
overlays an event that was read before, `estimate`, which the events of its call settle,
`lifecycle`, whose cost is that of the events that it names, or `model`.
What a line leaves out, the folder and the name of its journal say: `run_id` and `worker`.
A later line on the same run or phase overlays an earlier one. A line that cannot be used
is kept as rejected.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from pydantic import ValidationError
from pydantic_core import from_json

from ..clock import utc_now
from ..durable import JournalLines, worker_of
from ..events import AnyEvent, CallEvent, CallKeys, TokenEstimate, parse_event, settle
from ..events.lifecycle import AnyLifecycleEvent, parse_lifecycle_event
from ..events.model import AnyModelEvent, parse_model_event
from ._operation_costs import costed
from ._records import Phase, Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path


Price: TypeAlias = "Callable[[AnyEvent], AnyEvent]"
Record = TypeVar("Record", Run, Phase)


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A line that could not be used, and why."""

    journal: str
    reason: str
    line: str


@dataclass(slots=True)
class Gathered:
    """What the journals held; `torn` counts last lines that were cut off by a kill.

    `held` are lines that are only kept. `named_calls` are, by the id of a lifecycle event, the
    calls whose cost is its own, where not all of them were read.
    """

    runs: dict[str, Run] = field(default_factory=dict)
    phases: dict[tuple[str, str, str, int], Phase] = field(default_factory=dict)
    events: list[AnyEvent] = field(default_factory=list)
    estimates: list[TokenEstimate] = field(default_factory=list)
    lifecycle: list[AnyLifecycleEvent] = field(default_factory=list)
    models: list[AnyModelEvent] = field(default_factory=list)
    rejected: list[RejectedLine] = field(default_factory=list)
    held: list[bytes] = field(default_factory=list)
    named_calls: dict[str, Sequence[str]] = field(default_factory=dict)
    torn: int = 0
    price_errors: int = 0


@dataclass(frozen=True, slots=True)
class LooseLines:
    """Lines of one worker that no journal could take."""

    run_id: str
    worker: str
    lines: Sequence[bytes]


def gather(
    journals: Iterable[Path],
    *,
    price: Price,
    loose: Iterable[LooseLines] = (),
    held: AbstractSet[str] = frozenset(),
) -> Gathered:
    """Read journals, each `<run_id>/<worker>.jsonl`, then loose lines, and price their events.

    Lines of journals that are about a call or event of `held` are only kept, as they are. Runs and
    phases that no line tells of (their process was killed) are made up from their events.

    Raises:
        OSError: a journal cannot be read.
    """
    gathering = _Gathering(price, held)
    for path in journals:
        lines = JournalLines(path)
        gathering.read(path.parent.name, worker_of(path), lines)
        gathering.gathered.torn += lines.torn
    gathering.held = frozenset()
    for each in loose:
        gathering.read(each.run_id, each.worker, each.lines)
    return gathering.finish()


class _Gathering:
    """Reads lines, source by source."""

    def __init__(self, price: Price, held: AbstractSet[str]) -> None:
        self.gathered = Gathered()
        self.held = held
        self._price = price
        self._names: dict[str, str] = {}
        self._events: dict[str, AnyEvent] = {}
        self._estimates: dict[str, TokenEstimate] = {}
        self._lifecycle: dict[str, AnyLifecycleEvent] = {}
        self._models: dict[str, AnyModelEvent] = {}
        self._costs: dict[str, Sequence[str]] = {}  # of lifecycle events: those of which calls
        self._kinds: dict[str, Callable[[dict[str, Any]], None]] = {
            "run": self._take_run,
            "phase": self._take_phase,
            "event": self._take_event,
            "annotation": self._take_annotation,
            "estimate": self._take_estimate,
            "lifecycle": self._take_lifecycle,
            "model": self._take_model,
        }

    def read(self, run_id: str, worker: str, lines: Iterable[bytes]) -> None:
        """Take all lines of one worker; what cannot be used is rejected with a reason."""
        self._names = {"run_id": run_id, "worker": worker}
        for line in lines:
            try:
                self._take(line)
            except (ValueError, RecursionError) as error:
                self._reject(line, error)

    def finish(self) -> Gathered:
        """Price the events and make up what no line told."""
        self.gathered.events += map(self._priced, self._events.values())
        if self._estimates:
            self.gathered.estimates += self._settled()
        if self._lifecycle:
            self.gathered.lifecycle += self._costed()
        self.gathered.models += self._models.values()
        _make_up_missing(self.gathered)
        return self.gathered

    def _take(self, line: bytes) -> None:
        fields = from_json(line)
        if not isinstance(fields, dict):
            msg = "not a JSON object"
            raise ValueError(msg)  # noqa: TRY004  # of data, not of a type in the program
        kind = fields.pop("kind", None)
        take = self._kinds.get(str(kind))
        if take is None:
            msg = f"unknown kind {kind!r}"
            raise ValueError(msg)
        if self.held and _is_about(fields, self.held):
            self.gathered.held.append(line)
        else:
            take(fields)

    def _take_run(self, fields: dict[str, Any]) -> None:
        if "run_kind" in fields:
            fields["kind"] = fields.pop("run_kind")
        run = Run.model_validate(self._completed(fields, "run_id"))
        runs = self.gathered.runs
        runs[run.run_id] = _overlay(runs.get(run.run_id), run)

    def _take_phase(self, fields: dict[str, Any]) -> None:
        phase = Phase.model_validate(self._completed(fields, "run_id", "worker"))
        phases = self.gathered.phases
        phases[phase.key] = _overlay(phases.get(phase.key), phase)

    def _take_event(self, fields: dict[str, Any]) -> None:
        event = parse_event(self._completed(fields, "run_id", "worker"))
        self._events[event.event_id] = event

    def _take_annotation(self, fields: dict[str, Any]) -> None:
        event_id = fields.get("event_id")
        event = self._events.get(str(event_id))
        if event is None:
            msg = f"annotates {event_id!r}, which is no event that was read"
            raise ValueError(msg)
        told = {name: value for name, value in fields.items() if value is not None}
        self._events[event.event_id] = parse_event(event.model_dump() | told)

    def _take_estimate(self, fields: dict[str, Any]) -> None:
        estimate = TokenEstimate.model_validate(self._completed(fields, "run_id", "worker"))
        self._estimates[estimate.estimate_id] = estimate

    def _take_lifecycle(self, fields: dict[str, Any]) -> None:
        named = fields.pop("cost_of", ())
        event = parse_lifecycle_event(self._completed(fields, "run_id", "worker"))
        event_id = _id_of(event)
        self._lifecycle[event_id] = event
        self._costs[event_id] = named

    def _take_model(self, fields: dict[str, Any]) -> None:
        event = parse_model_event(self._completed(fields, "run_id", "worker"))
        self._models[_id_of(event)] = event

    def _costed(self) -> Iterator[AnyLifecycleEvent]:
        """Yield the lifecycle events with the cost of their calls, unknown if that of any is."""
        calls = {event.event_id: event for event in self.gathered.events}
        for event_id, event in self._lifecycle.items():
            named = self._costs[event_id]
            if any(name not in calls for name in named):
                self.gathered.named_calls[event_id] = named
            yield costed(event, named, calls)

    def _settled(self) -> Iterator[TokenEstimate]:
        """Yield the estimates with what their calls came to."""
        calls: dict[str | None, list[CallEvent]] = defaultdict(list)
        for event in self._events.values():
            if isinstance(event, CallEvent):
                calls[event.call_id].append(event)
        for estimate in self._estimates.values():
            yield settle(estimate, calls.get(estimate.call_id, ()))

    def _completed(self, fields: dict[str, Any], *names: str) -> dict[str, Any]:
        missing = {name: self._names[name] for name in names if fields.get(name) is None}
        fields.update(missing)
        return fields

    def _priced(self, event: AnyEvent) -> AnyEvent:
        try:
            return self._price(event)
        except Exception:  # noqa: BLE001  # an event without its cost is better than none
            self.gathered.price_errors += 1
            return event

    def _reject(self, line: bytes, error: ValueError | RecursionError) -> None:
        text = line.decode(errors="backslashreplace")
        journal = f"{self._names['run_id']}/{self._names['worker']}.jsonl"
        self.gathered.rejected.append(RejectedLine(journal, _reason(error), text))


def _is_about(fields: dict[str, Any], held: AbstractSet[str]) -> bool:
    keys = CallKeys.of(str(fields.get("call_id")))
    return any(each in held for each in (fields.get("event_id"), *fields.get("cost_of", ()), *keys))


def _id_of(event: AnyLifecycleEvent | AnyModelEvent) -> str:
    """Return which event it is; a line also says when it was."""
    for name in ("event_id", "ts"):
        if getattr(event, name) is None:
            msg = f"{name}: Field required"
            raise ValueError(msg)
    return str(event.event_id)


def _overlay(known: Record | None, later: Record) -> Record:
    """Return `known` with all that `later` tells."""
    fields = later.model_fields_set
    told = {name: value for name, value in later if value is not None and name in fields}
    return known.model_copy(update=told) if known else later


def _reason(error: ValueError | RecursionError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def _make_up_missing(gathered: Gathered) -> None:
    runs, phases = gathered.runs, gathered.phases
    owned = [*gathered.events, *gathered.estimates, *gathered.lifecycle, *gathered.models]
    for event in sorted(owned, key=attrgetter("ts")):
        run_id, phase_id = str(event.run_id), event.phase_id
        if run_id not in runs:
            runs[run_id] = Run(run_id=run_id, started=event.ts)
        if phase_id is None or (run_id, phase_id, event.worker, event.rerun) in phases:
            continue
        phase = Phase(run_id=run_id, phase_id=phase_id, worker=event.worker, rerun=event.rerun)
        phases[phase.key] = phase
    for phase in phases.values():
        if phase.run_id not in runs:
            # A start that is too late gives way to the true one, should the store know it.
            started = phase.started or utc_now()
            runs[phase.run_id] = Run(run_id=phase.run_id, started=started)
