"""Takes every event: into the journal, into the owner's memory, on to listeners and sinks."""

from __future__ import annotations

import json
import re
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from pydantic_core import to_json

from ..errors import JournalError
from ..events import CallKeys, parse_event
from ..redaction import REDACTED, carried_secrets, may_hold_keys, without_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..calls import Request
    from ..events import TelemetryEvent
    from ..events.lifecycle import LifecycleEvent
    from ..events.model import ModelEvent
    from ._faults import FaultLog
    from ._owner import Owner, RecordedCall


#: What listeners hear of.
Recorded: TypeAlias = "TelemetryEvent | LifecycleEvent | ModelEvent"


#: Ids and words of ours, and what is redacted as a whole.
_CLEAN: Final = frozenset(
    {"kind", "event_id", "call_id", "run_id", "estimate_id", "event_type", "worker", "error"}
    | {"phase_id", "stage", "status", "origin", "operation", "usage_source", "outcome", "started"}
    | {"request_content", "response_content"}
)
#: What an answer may have made of the key that it was asked with.
_ECHOES: Final = ("request_model", "response_model", "response_id", "finish_reason", "service_tier")
#: A key has such a piece.
_PIECE: Final = re.compile(r"[A-Za-z0-9]{8,}")


class LineWriter(Protocol):
    """Takes lines, and never raises."""

    def append(self, line: bytes) -> bool:
        """Keep one line; tell whether it is safe now, also if the process is killed."""


class Holds(Protocol):
    """Whoever hands lines on before the process ends; lines to come may be about earlier ones."""

    def hold(self, key: str) -> None:
        """Keep back what is about the event of that id, or the call of that key: more may come."""

    def release(self, key: str) -> None:
        """Keep it back no longer."""


@dataclass(slots=True, eq=False)
class Told:
    """An event that is built when somebody first looks, in whichever thread.

    That of a call (`is_call`) only while it is heard of: later, more may be known of it.
    """

    build: Callable[[], Recorded]
    is_call: bool = False
    _event: Recorded | None = None

    @property
    def event(self) -> Recorded:
        """The event, without the keys that its words may hold.

        Raises:
            pydantic.ValidationError: its fields make none.
        """
        if self._event is None:
            self._event = self.build()
        return self._event


class Listener(Protocol):
    """Hears of events right after they were taken, in whichever thread made the call."""

    @property
    def is_wanted(self) -> bool:
        """Whether anybody wants to know at all: asked at each event, so cheap."""

    def hear(self, owner: Owner, told: Told) -> None:
        """Take what was told; what is raised is a fault, and reaches nobody."""


@dataclass(frozen=True, eq=False, slots=True)
class EventLog:
    """The one place that events pass through in each process."""

    lines: LineWriter
    _: KW_ONLY
    run_id: str
    faults: FaultLog
    listeners: tuple[Listener, ...] = ()
    holds: Holds | None = None

    def hold_prediction(self, call_id: str) -> None:
        """Say, before one is written, that the call that settles it is to come."""
        if self.holds is not None:
            self.holds.hold(CallKeys.of(call_id).prediction)

    def release_prediction(self, call_id: str) -> None:
        """Say that no more attempt is to come; nobody need have predicted the call."""
        if self.holds is not None:
            self.holds.release(CallKeys.of(call_id).prediction)

    def hold_event(self, fields: Mapping[str, Any]) -> None:
        """Say, before it is written, that more may be told of an attempt, and so of its call."""
        if self.holds is not None:
            self.holds.hold(fields["event_id"])
            self.holds.hold(CallKeys.of(fields["call_id"]).attempts)

    def release_event(self, fields: Mapping[str, Any]) -> None:
        """Say that all is told of it."""
        if self.holds is not None:
            self.holds.release(fields["event_id"])
            self.holds.release(CallKeys.of(fields["call_id"]).attempts)

    def append_call(self, owner: Owner, recorded: RecordedCall) -> dict[str, Any]:
        """Take the event of one attempt; return its fields as others may read them."""
        owner.count += 1
        if owner.keeps_calls:
            owner.calls.append(recorded)
        fields = _without_echoes(recorded.fields, recorded.request)
        self.append(owner, fields)
        return fields

    def append(self, owner: Owner, fields: dict[str, Any]) -> None:
        """Take an event, given as its fields."""
        self.write({"kind": "event", **fields})
        is_call = fields.get("event_type") == "llm_call"
        self.publish(owner, lambda: parse_event(clean_fields(fields)), is_call=is_call)

    def annotate(self, event_id: str, fields: Mapping[str, Any]) -> None:
        """Add fields to an event that was taken before."""
        self.write({"kind": "annotation", "event_id": event_id, **fields})

    def write(self, line: dict[str, Any]) -> bool:
        """Keep one line, without the keys that names of models, users and tests may hold.

        True where it is safe now, also if the process is killed.
        """
        return self.write_clean(clean_fields(line))

    def write_clean(self, line: dict[str, Any]) -> bool:
        """Keep one line that holds no key."""
        return self.lines.append(_encoded(line))

    def publish(
        self, owner: Owner, build: Callable[[], Recorded], *, is_call: bool = False
    ) -> None:
        """Let the listeners hear of an event, which is built only where anybody wants it."""
        wanted = [listener for listener in self.listeners if listener.is_wanted]
        if not wanted:
            return
        told = Told(build, is_call)
        for listener in wanted:
            with self.faults.contained("calling a hook or sink"):
                listener.hear(owner, told)


class NullWriter:
    """Keeps nothing, for tests that are only watched while they run."""

    def append(self, line: bytes) -> bool:  # noqa: ARG002 - nothing becomes of it
        """Forget the line."""
        return False


class JournalWriter:
    """Writes lines into a journal, and keeps in memory those that it does not take.

    `write` is None where there is no journal. `failure` says why not all lines are in it,
    `kept` are those that are not.
    """

    def __init__(
        self, write: Callable[[bytes], None] | None, *, failure: str | None = None
    ) -> None:
        self.kept: list[bytes] = []
        self.failure = failure
        self._write = write

    def append(self, line: bytes) -> bool:
        """Keep one line; False where it is in memory only."""
        if self._write is None:
            self.kept.append(line)
            return False
        try:
            self._write(line)
        except Exception as error:  # noqa: BLE001 - a full disk must not reach a test
            self.kept.append(line)
            self.failure = self.failure or _why(error)
            return False
        return True


def _why(error: Exception) -> str:
    if isinstance(error, OSError | JournalError):
        return f"the journal could not be written ({error})"
    named = f"{type(error).__name__}: {error}"
    return f"the journal could not be written, which is no fault of the disk ({named})"


def clean_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an event without the keys that their words may hold."""
    texts = {
        name: text for name, text in fields.items() if name not in _CLEAN and isinstance(text, str)
    }
    if not any(map(may_hold_keys, texts.values())):  # as nearly always
        return fields
    return {**fields, **{name: without_keys(text) for name, text in texts.items()}}


def _without_echoes(fields: dict[str, Any], request: Request | None) -> dict[str, Any]:
    """Return the fields of a call without the secrets that its request carries."""
    if request is None:
        return fields
    names = {name: fields[name] for name in _ECHOES if fields.get(name)}
    together = "\n".join(names.values())
    sent = "\n".join((request.url, *request.headers.values()))
    if not any(piece in sent for piece in _PIECE.findall(together)):  # as nearly always
        return fields
    carried = carried_secrets(request.url, request.headers.items())
    for secret in (each for each in carried if each in together):
        names = {name: text.replace(secret, REDACTED) for name, text in names.items()}
    return {**fields, **names}


def _encoded(line: Mapping[str, Any]) -> bytes:
    try:
        return to_json(line, inf_nan_mode="null")  # 1e400 in a provider's usage block
    except ValueError:  # half a surrogate pair, which has no form in UTF-8
        return json.dumps(line, ensure_ascii=False, default=str).encode(errors="replace")
