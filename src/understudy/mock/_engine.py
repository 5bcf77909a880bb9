"""Takes calls in, decides what they get, and keeps what was asked and answered."""

from __future__ import annotations

from collections import ChainMap, deque
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING, Any

from ..delays import TimedCall
from ..wire.writing import Failure, Reply
from ._call import IncomingCall, UnmatchedCall
from ._decision import VECTORS, Decision, finished_reply, id_of, instead_of
from ._explain import explain
from ._mocked_call import MockedCall
from ._rules import FaultPlan, NamedFault, NoAnswer, Rules
from .answers import answer_content

if TYPE_CHECKING:
    from collections.abc import Callable, MutableSequence, Sequence

    from ..calls import Request
    from ..clock import Clock
    from ..playback import Playback
    from ..wire import Question, Recognised
    from ..wire.writing import Kept
    from ._library import MockLibrary
    from ._reply_content import ReplyContent


class Conversations:
    """What was asked and answered, where the provider keeps it, by API and id.

    `elders` are those of mocks of wider scopes, the innermost first: what they know is known here,
    and what is said here is not told them. Of each API the newest `most` are kept, None is all.
    """

    def __init__(self) -> None:
        self.most: int | None = None
        self.by_api: dict[str, dict[str, tuple[Question, Reply]]] = {}
        self.elders: Callable[[], Sequence[Conversations]] = tuple

    def resumed(self, question: Question, keeps: Kept) -> Question:
        """Return the question as if the whole conversation had been sent with it."""
        every = (self, *self.elders())
        known = [one.by_api[question.wire_api] for one in every if question.wire_api in one.by_api]
        if not known:
            return question
        body = keeps.resumed(question.body, ChainMap(*known))
        return question if body is question.body else replace(question, body=body)

    def keep(self, question: Question, decision: Decision, keeps: Kept) -> None:
        """Keep a conversation up to this answer; one that is spoilt only under its own id."""
        if not isinstance(decision.answer, Reply):
            return
        answers = self.by_api.setdefault(question.wire_api, {})
        ids = keeps.ids(question, decision.answer)
        for each in ids[:1] if decision.is_spoilt else ids:
            if each is not None:
                answers[each] = question, decision.answer
        while self.most is not None and len(answers) > self.most:
            answers.pop(next(iter(answers)))


def call_seed(*, run_seed: int, node_id: str, number: int) -> str:
    """Return the seed of the `number`-th call of a test, the same on every machine."""
    return f"{run_seed}:{number}:{node_id}"


@dataclass(slots=True, kw_only=True)
class Engine:
    """The works of one mock; safe to use from several threads and tasks.

    `profile` names the delay profile of answers that name none. Seeds are made of `run_seed`,
    `node_id` and the number of the call. `on_unmatched` is asked for an answer where no rule
    has one. `unmatched` keeps the calls that nothing answered, `conversations` what providers
    were to remember.
    """

    materials: MockLibrary
    clock: Clock
    profile: str
    run_seed: int
    node_id: str
    on_unmatched: Callable[[IncomingCall], Any] | None = None
    rules: Rules = field(default_factory=Rules)
    plan: FaultPlan = field(default_factory=FaultPlan)
    calls: MutableSequence[MockedCall] = field(default_factory=list)
    unmatched: MutableSequence[UnmatchedCall] = field(default_factory=list)
    conversations: Conversations = field(default_factory=Conversations)
    _numbers: dict[str, int] = field(default_factory=dict)
    _in_flight: set[IncomingCall] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def receive(
        self,
        request: Request,
        recognised: Recognised,
        question: Question,
        *,
        node_id: str | None = None,
    ) -> IncomingCall:
        """Take a call in; `ended` is to be told when it is over.

        `node_id` is the test that makes it, where that is not the mock's own.
        """
        seed, number = self.next_seed(node_id)
        call = IncomingCall(
            request,
            recognised,
            question,
            number=number,
            seed=seed,
            received_at=self.clock.time(),
        )
        self._in_flight.add(call)
        return call

    def next_seed(self, node_id: str | None = None) -> tuple[str, int]:
        """Return the seed of the next call of a test, and its number."""
        owner = self.node_id if node_id is None else node_id
        with self._lock:
            number = self._numbers[owner] = self._numbers.get(owner, 0) + 1
        return call_seed(run_seed=self.run_seed, node_id=owner, number=number), number

    def decide(self, call: IncomingCall) -> Decision:
        """Say what the call gets.

        Raises:
            UnmatchedCall: nothing answers it.
            UnknownNameError: a scenario names a fault or a delay profile that does not exist.
        """
        faults = self.plan.take(call)
        if (instead := instead_of(call, faults)) is not None:
            return self._decision(call, instead, faults)
        is_spoilt = any(named.fault.spoils for named in faults)
        content = self._content(call, keep=is_spoilt)
        if isinstance(content, Failure):
            return self._decision(call, content, faults)
        if content.fault is not None:
            scripted = NamedFault(content.fault, self.materials.faults.make(content.fault))
            faults = (*faults, scripted)
            if (instead := scripted.fault.instead(call)) is not None:
                return self._decision(call, instead, faults, content)
        reply, usage_source = finished_reply(call, content, faults)
        return self._decision(call, reply, faults, content, usage_source)

    def record(
        self, call: IncomingCall, decision: Decision, playback: Playback, began_at: float
    ) -> MockedCall:
        """Keep what was asked and answered."""
        record = MockedCall(call, decision, playback, began_at=began_at)
        self.calls.append(record)
        return record

    def ended(self, call: IncomingCall) -> None:
        """Note that a call is no longer in flight.

        Without a lock: the garbage collector may tell it in the middle of anything.
        """
        self._in_flight.discard(call)

    def timed(self, seed: str) -> TimedCall:
        """Return what a delay profile may know of a call."""
        return TimedCall(seed, in_flight=lambda: len(self._in_flight))

    def keep_last(self, most: int) -> None:
        """Keep the newest `most` calls from here on: of who answers for long."""
        self.calls, self.unmatched = deque(self.calls, most), deque(self.unmatched, most)
        self.conversations.most = most

    def recover(self) -> None:
        """Forget the faults."""
        self.plan = FaultPlan()

    def forget(self) -> None:
        """Forget rules, faults and calls."""
        self.rules, self.plan = Rules(), FaultPlan()
        self.calls.clear()
        self.unmatched.clear()

    def _content(self, call: IncomingCall, *, keep: bool) -> ReplyContent | Failure:
        content = self.rules.answer(call, keep=keep)
        if not isinstance(content, NoAnswer):
            return content
        if call.wants_vectors:
            return VECTORS
        if self.on_unmatched is not None and (answer := self.on_unmatched(call)) is not None:
            return answer_content(answer, call)
        error = UnmatchedCall(explain(call, content), call)
        self.unmatched.append(error)
        raise error

    def _decision(
        self,
        call: IncomingCall,
        answer: Any,
        faults: tuple[NamedFault, ...],
        content: ReplyContent | None = None,
        usage_source: Any = "none",
    ) -> Decision:
        if isinstance(answer, Failure):
            answer = replace(answer, id=id_of(call.seed))
        name = self.profile if content is None or content.profile is None else content.profile
        return Decision(
            answer=answer,
            faults=faults,
            profile_name=name,
            profile=self.materials.profiles.get(name),
            scenario=None if content is None else content.scenario,
            usage_source=usage_source,
        )
