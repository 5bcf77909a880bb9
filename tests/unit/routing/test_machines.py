"""What holds for a router in any order of events: state machines on a clock that they move."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.unit.routing.stand_ins import (
    ManualClock,
    StandIn,
    answer,
    ask,
    chunk,
    chunks,
    make_router,
    price,
)

from understudy.calls import Usage
from understudy.routing import (
    AllFailedError,
    Answer,
    BreakerPolicy,
    Callbacks,
    FailoverPolicy,
    ProviderError,
    RetryPolicy,
    StreamBrokenError,
)
from understudy.routing._breaker import Breaker, Permit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from understudy.routing import Router

SECONDS = st.sampled_from([0.1, 1.0, 5.0, 31.0, 400.0])


HOW = st.sampled_from(["succeeded", "failed", "failed", "failed", "released"])


class Breakers(RuleBasedStateMachine):
    """Permits are given and come back in any order, some twice, some late."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.breaker = Breaker(BreakerPolicy(failures=2, open_seconds=30, longest_seconds=90))
        self.out: list[Permit] = []
        self.back: list[Permit] = []

    @rule(seconds=SECONDS)
    def time_passes(self, seconds: float) -> None:
        """The breaker may become half open."""
        self.now += seconds

    @rule()
    def one_asks(self) -> None:
        """A permit is given where one may pass, and nowhere else."""
        may_pass = self.breaker.allows(self.now)
        permit = self.breaker.permit(self.now)
        assert (permit is not None) == may_pass
        if permit is not None:
            self.out.append(permit)

    @precondition(lambda self: self.out)
    @rule(data=st.data(), how=HOW)
    def one_comes_back(self, data: st.DataObject, how: str) -> None:
        """Of an old generation it changes nothing."""
        permit = self.out.pop(data.draw(st.integers(0, len(self.out) - 1)))
        before = (self.breaker.generation, self.breaker.state(self.now), self.breaker.failures)
        is_old = permit.generation != before[0]
        self.give_back(permit, how)
        self.back.append(permit)
        if is_old:
            assert before == (
                self.breaker.generation,
                self.breaker.state(self.now),
                self.breaker.failures,
            )

    @precondition(lambda self: self.back)
    @rule(data=st.data(), how=HOW)
    def one_comes_back_twice(self, data: st.DataObject, how: str) -> None:
        """Which changes nothing."""
        permit = data.draw(st.sampled_from(self.back))
        before = (self.breaker.generation, self.breaker.failures, self.breaker.allows(self.now))
        self.give_back(permit, how)
        assert before == (
            self.breaker.generation,
            self.breaker.failures,
            self.breaker.allows(self.now),
        )

    def give_back(self, permit: Permit, how: str) -> None:
        """Say what a request came to."""
        if how == "failed":
            self.breaker.failed(permit, self.now)
        else:
            getattr(self.breaker, how)(permit)

    @invariant()
    def one_probe_is_out_at_most(self) -> None:
        """Of the generation that counts."""
        now = self.breaker.generation
        probes = [one for one in self.out if one.is_probe and one.generation == now]
        assert len(probes) <= 1
        assert self.breaker.state(self.now) != "closed" or not probes

    def teardown(self) -> None:
        """Whatever happened, it can close again."""
        for permit in self.out:
            self.breaker.released(permit)
        self.now += 91
        last = self.breaker.permit(self.now)
        assert last is not None
        self.breaker.succeeded(last)
        assert self.breaker.state(self.now) == "closed"


@dataclass
class Held:
    """A call that a provider has not answered yet."""

    body: Mapping[str, Any]
    outcome: asyncio.Future[Any]


@dataclass
class Holding:
    """A provider whose calls end when and as the machine says."""

    name: str
    held: list[Held] = field(default_factory=list)
    calls: int = 0

    async def acomplete(self, body: Mapping[str, Any], *, timeout: float) -> Any:
        """Wait for the machine."""
        self.calls += 1
        one = Held(body, asyncio.get_running_loop().create_future())
        self.held.append(one)
        try:
            return await one.outcome
        finally:
            if one in self.held:
                self.held.remove(one)

    def complete(self, body: Mapping[str, Any], *, timeout: float) -> Any:
        """Nobody blocks here."""
        raise NotImplementedError

    stream = complete


USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
COST = price("a", "m", Usage(11, 7))


class Routing(RuleBasedStateMachine):
    """Requests begin, leave, are answered or fail, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock = ManualClock()
        self.providers = Holding("a"), Holding("b")
        self.asked: list[tuple[str, str, asyncio.Task[Answer]]] = []
        self.good = 0

    @initialize(coalesce=st.booleans(), cache=st.booleans())
    def begin(self, *, coalesce: bool, cache: bool) -> None:
        """Make a router, with or without what shares answers."""
        self.shares = coalesce or cache
        self.router: Router = make_router(
            *self.providers,
            clock=self.clock,
            registry={"*": "a"},
            cache=cache,
            coalesce=coalesce,
            failover=FailoverPolicy(order=("b",)),
            retry=RetryPolicy(retries=1, base_seconds=0.1, deadline_seconds=60),
            breaker=BreakerPolicy(failures=3, open_seconds=30),
        )

    @rule(
        text=st.sampled_from("xxxy"),
        agent=st.sampled_from(["", "", "", "w"]),
        fresh=st.sampled_from([0, 0, 0, 0, 1]),
    )
    def one_asks(self, text: str, agent: str, fresh: int) -> None:
        """Equal ones may be under way or kept."""
        task = self.loop.create_task(
            self.router.acomplete(ask(text=text), agent=agent, fresh=bool(fresh))
        )
        self.asked.append((text, agent, task))
        self.turns()

    @precondition(lambda self: any(not each[2].done() for each in self.asked))
    @rule(data=st.data())
    def one_leaves(self, data: st.DataObject) -> None:
        """The others stay."""
        waiting = [each[2] for each in self.asked if not each[2].done()]
        waiting[data.draw(st.integers(0, len(waiting) - 1))].cancel()
        self.turns()

    @precondition(lambda self: any(one.held for one in self.providers))
    @rule(data=st.data(), how=st.sampled_from(["good", "good", "sick", "limited", "refused"]))
    def a_provider_answers(self, data: st.DataObject, how: str) -> None:
        """Well or not."""
        held = [one for provider in self.providers for one in provider.held]
        one = data.draw(st.sampled_from(held))
        if how == "good":
            said = one.body["messages"][0]["content"]
            self.good += 1
            one.outcome.set_result(answer(said, usage=USAGE))
        else:
            status = {"sick": 500, "limited": 429, "refused": 400}[how]
            one.outcome.set_exception(ProviderError("no", status=status, retry_after=2))
        self.turns()

    @rule(seconds=SECONDS)
    def time_passes(self, seconds: float) -> None:
        """Answers expire, breakers half open, deadlines come."""
        self.clock.advance(seconds)
        self.turns()

    def turns(self) -> None:
        """Let all go on as far as they can."""

        async def some() -> None:
            for _ in range(20):
                await asyncio.sleep(0)

        self.loop.run_until_complete(some())

    @invariant()
    def an_answer_is_that_of_its_question(self) -> None:
        """Whoever it was shared with."""
        for text, agent, task in self.asked:
            if task.done() and not task.cancelled() and task.exception() is None:
                assert (task.result().text, task.result().agent) == (text, agent)
                is_shared = task.result().cache in {"hit", "coalesced"}
                alike = [each for each in self.asked if each[:2] == (text, agent)]
                assert not is_shared or (self.shares and len(alike) > 1)

    @invariant()
    def the_books_are_right(self) -> None:
        """At each moment, as far as requests have ended; and all agents are the whole."""
        if not self.asked:
            return
        all_, each = self.router.counters(), [self.router.counters(name) for name in ("", "w")]
        assert all_.total_calls == all_.cache_hits + all_.provider_calls
        assert all_.coalesced <= all_.cache_hits
        assert all_.cost_nanousd == COST * self.good
        assert all_.input_tokens == 11 * self.good
        for name in ("total_calls", "cost_nanousd", "saved_nanousd", "failed"):
            assert sum(getattr(one, name) for one in each) == getattr(all_, name)

    def teardown(self) -> None:
        """When providers answer, all who wait are answered, and nothing is under way."""
        if self.asked:
            while held := [one for provider in self.providers for one in provider.held]:
                held[0].outcome.set_result(answer(held[0].body["messages"][0]["content"]))
                self.turns()
            assert all(task.done() for _, _, task in self.asked)
            for _, _, task in self.asked:
                task.cancelled() or task.exception()
            assert [one.held for one in self.providers] == [[], []]
            health = self.router.health()
            assert [one.in_flight for one in health.values()] == [0, 0]
            assert self.router.load().in_flight == 0
            counters = self.router.counters()
            assert counters.total_calls + counters.refused <= len(self.asked) * 2
        self.loop.close()


@pytest.mark.parametrize("machine", [Breakers, Routing])
def test_a_machine_finds_no_fault(machine: type[RuleBasedStateMachine]) -> None:
    """In any order of its rules."""
    run_state_machine_as_test(machine, settings=settings(max_examples=40, stateful_step_count=30))


CONTENT = st.sampled_from([chunk("x"), chunk("y")])
ENDS: Any = st.sampled_from(
    ["whole", "cut", "early", {"error": {"message": "no"}}, "{", "no usage"]
)


@st.composite
def scripts(draw: st.DrawFn) -> list[Any]:
    """Return the events of a stream, whole or not."""
    texts = draw(st.lists(st.sampled_from("xy"), max_size=3))
    end = draw(ENDS)
    if end in {"whole", "no usage"} if isinstance(end, str) else False:
        return chunks(*texts, usage=end == "whole")
    begun = [chunk(), *map(chunk, texts)]
    return [
        *begun,
        {"cut": ConnectionResetError(), "early": "[DONE]"}.get(end, end)
        if isinstance(end, str)
        else end,
    ]


def is_whole(events: list[Any]) -> bool:
    return any(
        isinstance(each, dict) and any(c.get("finish_reason") for c in each.get("choices", ()))
        for each in events
    )


def says(events: list[Any]) -> str:
    told = [
        each["choices"][0]["delta"].get("content") or ""
        for each in events
        if isinstance(each, dict) and each.get("choices")
    ]
    return "".join(told)


@given(
    first=scripts(),
    second=scripts(),
    leave_after=st.none() | st.integers(0, 4),
    awaits=st.booleans(),
)
def test_a_stream_has_one_end(
    first: list[Any], second: list[Any], leave_after: int | None, *, awaits: bool
) -> None:
    """It is done, or an error, or left; after the first content nobody else is asked.

    Nothing but a whole one is kept, and what is kept is what was said.
    """
    told: list[Answer] = []
    providers = StandIn("a", first), StandIn("b", second)
    router = make_router(
        *providers,
        registry={"*": "a"},
        failover=FailoverPolicy(order=("b",)),
        retry=RetryPolicy(retries=0),
        callbacks=Callbacks(on_answer=told.append),
    )

    said, end = read_until(router, leave_after, awaits=awaits)

    begins = bool(says(first)) or is_whole(first)
    spoken = first if begins else second
    assert providers[1].calls == (0 if begins else 1)
    assert says(spoken).startswith(said)
    assert [one.closed for one in providers] == [one.calls for one in providers]
    assert [one.in_flight for one in router.health().values()] == [0, 0]
    if end == "done":
        assert said == says(spoken)
        assert is_whole(spoken)
    if end == "broken":
        assert not is_whole(spoken)
        assert said == says(spoken) != ""
    if end == "failed":
        assert not (says(spoken))
        assert not (is_whole(spoken))
    if end in {"broken", "left"} and told:
        assert (told[0].cost_nanousd or 0) > 0
    calls = providers[0].calls
    router.health()
    again, ended = read_until(router, None, awaits=not awaits)
    if end == "done" and begins:
        assert (again, ended, providers[0].calls) == (said, "done", calls)
    else:
        assert providers[0].calls == calls + 1


def read_until(router: Router, leave_after: int | None, *, awaits: bool) -> tuple[str, str]:
    """Read a stream by a task or by a thread; return what was said and how it ended."""
    read = _read_awaiting if awaits else _read
    try:
        return asyncio.run(read(router, leave_after))
    except AllFailedError:
        return "", "failed"


async def _read(router: Router, leave_after: int | None) -> tuple[str, str]:
    said, pieces = "", router.stream(ask())
    try:
        for number, piece in enumerate(pieces):
            said += piece.text
            if piece.done:
                return said, "done"
            if number == leave_after:
                pieces.close()  # type: ignore[attr-defined]
                return said, "left"
    except StreamBrokenError:
        return said, "broken"
    raise AssertionError(said)


async def _read_awaiting(router: Router, leave_after: int | None) -> tuple[str, str]:
    said, number, pieces = "", 0, router.astream(ask())
    try:
        async for piece in pieces:
            said += piece.text
            if piece.done:
                return said, "done"
            if number == leave_after:
                await pieces.aclose()  # type: ignore[attr-defined]
                return said, "left"
            number += 1
    except StreamBrokenError:
        return said, "broken"
    raise AssertionError(said)


OUTCOMES = st.sampled_from(
    ["ok", "sick", "sick", "sick", "slow", "limited", "limited long", "key", "refused"]
)


@given(
    outcomes=st.lists(st.lists(OUTCOMES, min_size=1, max_size=4), min_size=1, max_size=3),
    retries=st.integers(0, 2),
    deadline=st.sampled_from([5.0, 60.0]),
    reserve=st.integers(0, 2),
)
def test_retries_keep_to_their_rules(
    outcomes: list[list[str]], retries: int, deadline: float, reserve: int
) -> None:
    """Of number, time, budget and order, whatever the providers do."""
    clock = ManualClock()
    log: list[tuple[str, float, str]] = []  # who, when, what
    rests: dict[str, float] = {}

    def outcome_of(name: str, kinds: list[str]) -> Any:
        def outcome(_: object) -> Any:
            at, kind = clock.now(), kinds.pop(0) if len(kinds) > 1 else kinds[0]
            assert at >= rests.get(name, 0.0) - 1e-9, "Retry-After was undercut"
            log.append((name, at, kind))
            clock.advance(2.0 if kind == "slow" else 0.01)
            if kind == "ok":
                return answer()
            wait = {"limited": 3.0, "limited long": 40.0}.get(kind)
            if wait is not None:
                rests[name] = clock.now() + wait
            status = {"key": 401, "refused": 400, "sick": 500, "slow": 503}.get(kind, 429)
            return ProviderError(kind, status=status, retry_after=wait)

        return outcome

    names = [chr(97 + place) for place in range(len(outcomes))]
    providers = [StandIn(n, outcome_of(n, list(k))) for n, k in zip(names, outcomes, strict=True)]
    router = make_router(
        *providers,
        clock=clock,
        registry={"*": "a"},
        failover=FailoverPolicy(order=tuple(names[1:])),
        retry=RetryPolicy(retries=retries, deadline_seconds=deadline, budget=0, reserve=reserve),
        breaker=BreakerPolicy(failures=3),
    )
    begun = clock.now()

    try:
        attempts = router.complete(ask()).attempts
    except (AllFailedError, ProviderError) as error:
        attempts = getattr(error, "attempts", ())

    asked = [name for name, _, _ in log]
    assert all(asked.count(name) <= 1 + retries for name in names)
    assert len(asked) - len(set(asked)) <= reserve
    assert all(at - begun < deadline for _, at, _ in log)
    assert [each.provider for each in attempts] == ([] if log[-1][2] == "refused" else asked)
    first_wait = next((place for place, each in enumerate(attempts) if each.waited_ms > 0), None)
    if first_wait is not None:
        assert set(asked[:first_wait]) == set(names)
    ended = [kind for _, _, kind in log]
    assert ended.count("ok") + ended.count("refused") <= 1
    assert all(kind not in {"ok", "refused"} for kind in ended[:-1])
    for place, (name, _, kind) in enumerate(log):
        assert kind != "key" or name not in asked[place + 1 :]
