"""Rules and planned faults: which calls get which, how often, and in what order they are asked."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

from ..wire.writing import ToolLine
from .answers import Declined, Fixed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..scenarios.conditions import Condition
    from ..wire.writing import Failure
    from ._call import IncomingCall
    from ._reply_content import ReplyContent
    from .answers import ReplySource
    from .faults import Fault


_LAST: Final = 2


class Rule:
    """Answers the calls that its condition takes, or `times` of them.

    `written` is how the test wrote it, for messages.
    """

    def __init__(
        self, condition: Condition, source: ReplySource, *, times: int | None, written: str
    ) -> None:
        self.condition = condition
        self.source = source
        self.written = written
        self._times = times
        self._left = times
        self._lock = Lock()
        self._called = frozenset[str]()
        if times is None and not condition.tool and isinstance(source, Fixed):
            lines = source.content.lines
            self._called = frozenset(line.name for line in lines if isinstance(line, ToolLine))

    @property
    def rank(self) -> int:
        """Conditions go first (0), then what runs out (1), then what answers everything (2)."""
        if self.condition.clauses:
            return 0
        return 1 if self._times is not None or self.source.runs_out else _LAST

    @property
    def is_default(self) -> bool:
        """Whether it answers every call for ever, so that none after it is ever asked."""
        return self.rank == _LAST and not self.source.gives_vectors

    def answer(self, call: IncomingCall, *, keep: bool) -> ReplyContent | Failure | Declined:
        """Answer a call that the condition takes; with `keep` it does not count."""
        if self._answers_itself(call):
            return Declined("it calls a tool whose result this call brings")
        if not self._claim(keep=keep):
            times = "once" if self._times == 1 else f"{self._times} times"
            return Declined(f"it has answered {times}, as it was told")
        return self.source.reply_to(call, keep=keep)

    def _claim(self, *, keep: bool) -> bool:
        if self._left is None:
            return True
        with self._lock:
            if not self._left:
                return False
            self._left -= not keep
            return True

    def _answers_itself(self, call: IncomingCall) -> bool:
        """Tell whether a tool call would be said again to its own result, for ever."""
        return bool(self._called) and any(one.name in self._called for one in call.tool_results)


class NoAnswer(NamedTuple):
    """No rule answers: those that were asked, and why those that took the call declined.

    `unsaid` are the conditions that were left without an answer, as the test wrote them.
    """

    asked: tuple[Rule, ...]
    declined: Mapping[Rule, str]
    unsaid: tuple[str, ...]


class Rules:
    """The rules of one mock, safe to use from several threads."""

    def __init__(self) -> None:
        self._ordered: tuple[Rule, ...] = ()
        self._unsaid: tuple[str, ...] = ()
        self._lock = Lock()

    def begin(self, condition: str) -> None:
        """Note a condition that has no answer yet."""
        with self._lock:
            self._unsaid = (*self._unsaid, condition)

    def end(self, condition: str) -> None:
        """Note that such a condition has got one."""
        with self._lock:
            place = self._unsaid.index(condition) if condition in self._unsaid else None
            self._unsaid = tuple(one for at, one in enumerate(self._unsaid) if at != place)

    def add(self, rule: Rule) -> None:
        """Add a rule behind those of its rank; a new default takes the place of the old one."""
        with self._lock:
            kept = [one for one in self._ordered if not (rule.is_default and one.is_default)]
            self._ordered = tuple(sorted([*kept, rule], key=lambda one: one.rank))

    def answer(self, call: IncomingCall, *, keep: bool) -> ReplyContent | Failure | NoAnswer:
        """Return the first answer that a rule has, or why each has none."""
        vectors = call.wants_vectors
        declined: dict[Rule, str] = {}
        for rule in self._ordered:
            is_open = not rule.condition.clauses or rule.condition.holds(call)
            if is_open and rule.source.gives_vectors is vectors:
                answer = rule.answer(call, keep=keep)
                if not isinstance(answer, Declined):
                    return answer
                declined[rule] = answer.reason
        return NoAnswer(self._ordered, declined, self._unsaid)


class NamedFault(NamedTuple):
    """A fault under the name that it was asked for."""

    name: str
    fault: Fault


@dataclass(slots=True)
class _Planned:
    named: NamedFault
    condition: Condition
    left: int | None


class FaultPlan:
    """Counted faults, safe to use from several threads.

    Args:
        shared: faults that also befall the calls of other mocks, each the first call that meets it.
    """

    def __init__(self, shared: FaultPlan | None = None) -> None:
        self._shared = shared
        self._planned: tuple[_Planned, ...] = ()
        self._lock = Lock()

    def add(self, named: NamedFault, condition: Condition, times: int | None) -> None:
        """Plan a fault for the calls that `condition` takes, or `times` of them."""
        with self._lock:
            self._planned = (*self._planned, _Planned(named, condition, times))

    def take(self, call: IncomingCall) -> tuple[NamedFault, ...]:
        """Return what befalls this call: the first fault that spoils it, and all that do not."""
        taken = [] if self._shared is None else list(self._shared.take(call))
        if not self._planned:
            return tuple(taken)
        with self._lock:
            is_spoilt = any(named.fault.spoils for named in taken)
            for planned in self._planned:
                fault = planned.named.fault
                if planned.left == 0 or (fault.spoils and is_spoilt):
                    continue
                if planned.condition.holds(call):
                    planned.left = None if planned.left is None else planned.left - 1
                    is_spoilt = is_spoilt or fault.spoils
                    taken.append(planned.named)
            return tuple(taken)
