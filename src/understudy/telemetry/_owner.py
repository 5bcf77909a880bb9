"""Whose call it is: the test, fixture or run at work in that task or thread, and its events."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Self

from ..calls import Status
from ..events import CallEvent, Stage
from ..events.lifecycle import AnyLifecycleEvent, parse_lifecycle_event
from ..pricing import PriceBook, is_unpriced, price_call

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableSequence, Sequence

    from ..calls import Exchange, Request, Response
    from ..clock import Clock
    from ..wire import Recognised

_WORD_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """The fields of one attempt's event, and what went over the wire where it is kept.

    `fields` may still grow: a tracker annotates the attempts made inside it.
    """

    fields: dict[str, Any]
    recognised: Recognised | None = None
    request: Request | None = None
    response: Response | None = None

    @property
    def event(self) -> CallEvent:
        """The event as it stands now, without a price."""
        return CallEvent.model_validate(self.fields)

    @property
    def category(self) -> str | None:
        """Why it failed, in a word."""
        if self.fields["status"] is Status.CANCELLED:
            return "cancelled"
        value = self.fields.get("error_type") or self.fields.get("http_status")
        return str(value)[:_WORD_LENGTH] if value else None

    def read(self) -> Exchange | None:
        """Read the whole exchange, its text and tool calls too; None for calls without a wire."""
        if self.recognised is None or self.request is None or self.response is None:
            return None
        return self.recognised.read(self.request, self.response)


@dataclass(frozen=True, slots=True, eq=False)
class RecordedLifecycle:
    """What is written of one event, and the fields of the attempts whose cost is its own."""

    line: dict[str, Any]
    attempts: Sequence[dict[str, Any]] = ()

    def event(self, prices: PriceBook) -> AnyLifecycleEvent:
        """Return the event; its cost is unknown where that of any attempt is."""
        fields = {name: value for name, value in self.line.items() if name != "kind"}
        if (cost := _cost_of(self.attempts, prices)) is not None:
            fields["cost_nanousd"] = cost
        return parse_lifecycle_event(fields)

    def as_of_now(self) -> Self:
        """Return it with attempts of which no more can be told."""
        return replace(self, attempts=[dict(each) for each in self.attempts])


@dataclass(eq=False, slots=True, weakref_slot=True)
class Owner:
    """A test, a fixture of wider scope (`fixture:<name>`), or the run (`phase_id` None).

    That of a program's run is `recording:<name>`. `is_ignored` owners record nothing; one that
    `may_wake`, only until somebody asks for its calls. `count` attempts ended so far; `calls` are
    these attempts, kept only where `keeps_calls`. A fixture owns calls while its own code runs
    (`running`); what it started and left behind works for the test that is running then. `clock`
    is the one that the code of a test sees.
    """

    phase_id: str | None = None
    worker: str = "main"
    rerun: int = 0
    stage: Stage | None = None
    is_ignored: bool = False
    keeps_calls: bool = False
    is_fixture: bool = False
    running: bool = True
    item: object = None
    clock: Clock | None = None
    count: int = 0
    may_wake: bool = False
    calls: list[RecordedCall] = field(default_factory=list)
    estimates: MutableSequence[dict[str, Any]] = field(default_factory=list)
    lifecycle: MutableSequence[RecordedLifecycle] = field(default_factory=list)


class Ownership:
    """Knows the owner of the code that asks.

    Each task and thread carries its owner in `variable`. Code without one, such as a
    thread that outlives its fixture, works for the owner that is active in the process.
    """

    def __init__(self, run: Owner) -> None:
        self.run = run
        self.variable: ContextVar[Owner | None] = ContextVar("understudy_owner", default=None)
        self._active = run

    def current(self) -> Owner:
        """Return whose call one would be that is made here and now."""
        owner = self.variable.get()
        if owner is None or (owner.is_fixture and not owner.running):
            return self._active
        return owner

    def enter(self, owner: Owner) -> None:
        """Make `owner` the active one."""
        self._active = owner
        self.variable.set(owner)

    def leave(self) -> None:
        """Make the run itself the active owner."""
        self.enter(self.run)

    @contextmanager
    def lent_to(self, owner: Owner) -> Iterator[None]:
        """Make `owner` the active one for a while, then the one before."""
        before = self._active
        owner.running = True
        self.enter(owner)
        try:
            yield
        finally:
            owner.running = False
            self.enter(before)


def _cost_of(attempts: Sequence[dict[str, Any]], prices: PriceBook) -> int | None:
    calls = [price_call(CallEvent.model_validate(each), prices) for each in attempts]
    if not calls or any(map(is_unpriced, calls)):
        return None
    return sum(call.cost_nanousd or 0 for call in calls)
