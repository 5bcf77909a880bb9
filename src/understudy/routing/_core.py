"""What a router knows, behind one lock: plain changes of state, and nobody waits inside."""

from __future__ import annotations

from random import Random
from threading import Lock
from typing import TYPE_CHECKING

from ._admission import Admission
from ._answers import Answer, Attempt
from ._books import Books
from ._call import Call
from ._callbacks import Teller
from ._errors import BadRequestError, BudgetSpentError, SaturatedError
from ._flights import Flights
from ._key import Keys
from ._retry_budget import RetryBudget
from ._routes import Routes

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..calls import Usage
    from ._answers import CacheStatus, Completion
    from ._breaker import Permit
    from ._call import Parts
    from ._failure import Failure
    from ._flights import Flight, Landed, Tell
    from ._provider import Body
    from ._registry import Registry
    from ._routes import Seat
    from .balance import Balance


class Core:
    """The state that threads and event loops share."""

    def __init__(self, parts: Parts, registry: Registry, balance: Balance) -> None:
        policy = parts.policy
        self.parts = parts
        self.policy = policy
        self.clock = parts.clock
        self.cache = parts.cache
        self.lock = Lock()
        self.keys = Keys(policy.ignored)
        self.routes = Routes(registry, policy, parts.providers)
        self.balance = balance
        self.flights = Flights()
        self.admission = Admission(policy.limit)
        self.retries = RetryBudget(earned=policy.retry.budget, reserve=policy.retry.reserve)
        self.books = Books(policy.budget)
        self.random = Random(policy.seed)  # noqa: S311 - spreads retries, keeps no secret
        self.teller = Teller()

    def begin(
        self, body: Body, *, agent: str, stream: bool, fresh: bool, warming: bool = False
    ) -> Call:
        """Take a request.

        Raises:
            BadRequestError: it is no JSON object, or names no model.
            UnservedModelError: nobody serves its model.
        """
        if not hasattr(body, "get"):
            msg = f"a request is a body of OpenAI's chat API, a mapping, and not {body!r:.80}."
            raise BadRequestError(msg)
        if not isinstance(agent, str):
            msg = f"the agent of a request is a text, empty for none, and not {agent!r:.80}."
            raise BadRequestError(msg)
        try:
            route = self.routes.of(body, agent)
            if bool(body.get("stream")) is not stream:
                body = {**body, "stream": stream}
            canonical = self.keys.canonical(body)
        except LookupError:
            self.refuse(agent)
            raise
        now = self.clock.now()
        return Call(
            body=body,
            agent=agent,
            canonical=canonical,
            digest=self.keys.digest(canonical, agent),
            route=route,
            stream=stream,
            is_fresh=fresh,
            is_warming=warming,
            started=now,
            deadline=now + self.policy.retry.deadline_seconds,
        )

    def kept(self, call: Call, seats: tuple[Seat, ...]) -> Completion | None:
        """Return an answer of one of these that is kept for a request."""
        cache = self.cache
        if cache is None or call.is_fresh:
            return None
        for seat in seats:
            kept = cache.get(f"{call.digest}:{seat.key}")
            if kept is not None:
                return kept
        return None

    def keeps(self, call: Call) -> bool:
        """Tell whether the answer to a request is kept."""
        return self.cache is not None and not call.is_fresh

    def keep(self, call: Call, completion: Completion) -> None:
        """Keep a whole answer under the target that gave it."""
        if self.cache is not None and self.keeps(call):
            target = f"{completion.provider}/{completion.model}"
            self.cache.put(f"{call.digest}:{target}", completion)

    def answer(
        self,
        call: Call,
        completion: Completion,
        *,
        cache: CacheStatus,
        attempts: tuple[Attempt, ...] = (),
        is_whole: bool = True,
        first_content_ms: float | None = None,
    ) -> Answer:
        """Book an answer, tell of it and return it."""
        took = self.took_ms(call)
        answer = Answer(
            completion, call.agent, cache, attempts, took, is_whole, first_content_ms,
            call.is_warming,
        )  # fmt: skip
        now = self.clock.time()
        with self.lock:
            if call.is_warming:
                if answer.is_paid:
                    self.books.warmed(answer, now)
            else:
                self.books.answered(answer, now)
        self.teller.tell(self.parts.callbacks.on_answer, answer)
        return answer

    def took_ms(self, call: Call) -> float:
        """Return how long ago a request came."""
        return (self.clock.now() - call.started) * 1000

    def joined(self, call: Call, landed: Landed, *, batched: bool) -> Answer:
        """Return the answer of a flight to one that joined it.

        Raises:
            Exception: what the flight came to.
        """
        if landed.answer is None:
            self.count_left(call, batched=batched)
            raise landed.error or AssertionError(landed)
        got = landed.answer
        if batched:
            self._count(call.agent, batched=1)
        return self.answer(call, got.completion, cache="coalesced", attempts=got.attempts)

    def count_left(self, call: Call, *, batched: bool) -> None:
        """Count a request that joined another and got no answer."""
        if not call.is_warming:
            joined = {"total_calls": 1, "cache_hits": 1, "coalesced": 1, "failed": 1}
            self._count(call.agent, **joined, batched=batched)

    def refuse(self, agent: str) -> None:
        """Count a request that was sent nowhere."""
        self._count(agent, refused=1)

    def _count(self, agent: str, **more: int) -> None:
        now = self.clock.time()
        with self.lock:
            self.books.count(agent, now, **more)

    def check_budget(self) -> None:
        """Refuse to spend more than a budget.

        Raises:
            BudgetSpentError: it is spent.
        """
        if not self.books.has_budget:
            return
        with self.lock:
            spent = self.books.spent_out(self.clock.time())
        if spent is not None:
            msg = f"the router's budget is spent: {spent}. Raise it, or wait for the next period."
            raise BudgetSpentError(msg)

    def cost(self, seat: Seat, usage: Usage) -> int | None:
        """Return what a call cost in nano-USD, None where nobody knows."""
        price = self.parts.price
        if price is None or (usage.input_tokens is None and usage.output_tokens is None):
            return None
        try:
            return _checked(price(seat.provider, seat.model, usage))
        except Exception as error:  # noqa: BLE001 - an answer must not fail of what it costs
            self.teller.note(price, error)
            return None

    def attempted(self, attempt: Attempt) -> None:
        """Tell of a try at a provider."""
        self.teller.tell(self.parts.callbacks.on_attempt, attempt)

    def failed_over(self, before: str, after: str, why: str) -> None:
        """Tell that another provider is asked."""
        self.teller.tell(self.parts.callbacks.on_failover, before, after, why)

    def lost(self, call: Call, error: BaseException, attempts: tuple[Attempt, ...]) -> None:
        """Count a request that found no answer, and tell of it."""
        if not call.is_warming:
            if not attempts:
                self.refuse(call.agent)
            else:
                was_left = attempts[-1].outcome == "cancelled"
                lost = {"total_calls": 1, "provider_calls": 1, "failed": 1}
                tried = len(attempts)
                self._count(call.agent, **lost, attempts=tried, unpriced_calls=was_left)
        if isinstance(error, Exception):
            told = call.agent, call.route.asked_model, error
            self.teller.tell(self.parts.callbacks.on_failure, *told)

    def succeeded(self, seat: Seat, permit: Permit, latency_ms: float) -> None:
        """Take back a permit after an answer."""
        with self.lock:
            seat.state.succeeded(permit, latency_ms)

    def failed(self, seat: Seat, permit: Permit, failure: Failure) -> None:
        """Take back a permit after a failure, and tell where that opened the breaker."""
        state = seat.state
        with self.lock:
            tripped = state.failed(permit, failure, self.policy.retry, self.clock.now())
            failures = state.breaker.failures
        if tripped:
            self.teller.tell(self.parts.callbacks.on_trip, seat.provider, failures)

    def released(self, seat: Seat, permit: Permit) -> None:
        """Take back a permit of which nothing was learned."""
        with self.lock:
            seat.state.released(permit)

    def line_up(self, who: object, tell: Callable[[], None]) -> None:
        """Wait for one's turn to go to a provider; `tell` says that it has come.

        Raises:
            SaturatedError: too many wait already.
        """
        with self.lock:
            now = self.clock.now()
            is_in = self.admission.enter()  # there may be room by now
            is_in_line = is_in or self.admission.stand_in_line(who, tell, now)
            load = self.admission.load(now)
        if is_in:
            tell()
        elif not is_in_line:
            msg = (
                f"the router is full: {load.in_flight} requests are with providers and"
                f" {load.waiting} wait. Ask again later, or raise its limit."
            )
            raise SaturatedError(msg, retry_after=self.policy.limit.wait_seconds)

    def check_turn(self, who: object) -> None:
        """Refuse a request whose turn has not come in time.

        Raises:
            SaturatedError: it has not.
        """
        with self.lock:
            has_waited = self.admission.give_up(who)
        if has_waited:
            wait = self.policy.limit.wait_seconds
            msg = f"the router is full: the request has waited in line for {wait:g} s in vain."
            raise SaturatedError(msg, retry_after=wait)

    def leave_line(self, who: object) -> None:
        """Let a request go that waits for its turn, or has just been let in."""
        with self.lock:
            has_waited = self.admission.give_up(who)
        if not has_waited:
            self.leave()

    def leave(self) -> None:
        """Let a request out, and the next one in."""
        with self.lock:
            tell = self.admission.leave()
        if tell is not None:
            tell()

    def lead(self, call: Call) -> Flight | None:
        """Begin a flight of equal requests; None where there is one."""
        key = call.flight_key
        with self.lock:
            return None if self.flights.find(key) is not None else self._begun(key)

    def board(self, call: Call, waiter: object, tell: Tell) -> tuple[Flight, bool]:
        """Join the flight of equal requests, or begin one; tell whether it was begun."""
        key = call.flight_key
        with self.lock:
            flight = self.flights.find(key)
            leads = flight is None
            if flight is None:
                flight = self._begun(key)
            flight.waiting[waiter] = tell
            return flight, leads

    def _begun(self, key: str) -> Flight:
        flight = self.flights.lead(key)
        flight.is_boarding = self.policy.window_ms > 0
        return flight

    def join(self, call: Call, waiter: object, tell: Tell) -> Flight | None:
        """Join the flight of equal requests; None where it has landed meanwhile."""
        with self.lock:
            flight = self.flights.find(call.flight_key)
            if flight is not None:
                flight.waiting[waiter] = tell
            return flight

    def get_off(self, flight: Flight, waiter: object) -> None:
        """Leave a flight; the last one to leave ends it."""
        with self.lock:
            is_last = self.flights.leave(flight, waiter)
        if is_last and flight.stop is not None:
            flight.stop()

    def land(self, flight: Flight, landed: Landed) -> None:
        """End a flight and tell all who wait for it."""
        with self.lock:
            waiting = self.flights.land(flight)
        for tell in waiting:
            tell(landed)


def _checked(cost: int | None) -> int | None:
    if cost is not None and (type(cost) is not int or cost < 0):
        msg = f"a price is whole nano-USD from 0 on, or None, and not {cost!r:.40}"
        raise ValueError(msg)
    return cost
