"""One request on its way through the providers, as steps that threads and tasks carry out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._answers import Attempt, Completion, json_text
from ._choice import Pause, Trail, choose
from ._failure import Failure, classify
from ._reading import parsed, text_of, usage_in
from ._steps import Admit, Ask, Keep, Live, LookUp, Sleep

if TYPE_CHECKING:
    from ._breaker import Permit
    from ._call import Call
    from ._core import Core
    from ._provider import Json
    from ._routes import Seat
    from ._steps import Steps


class Pursuit:
    """Pursues the answer to one request: `run` yields the steps that others carry out.

    The same steps serve threads and tasks, so that there is one loop of retries and no other.
    """

    def __init__(self, core: Core, call: Call) -> None:
        self._core = core
        self._call = call
        self._trail = Trail()
        self._waited = 0.0
        self._is_booked = False

    def run(self) -> Steps:
        """Return the answer, or the stream that has begun as a `Live`.

        Raises:
            RouterError: there is none.
        """
        core, call = self._core, self._call
        kept = yield from self._look_up(call.route.pool)
        if kept is not None:
            return core.answer(call, kept, cache="hit")
        is_in = False
        try:
            is_in = self._enter()
            if not is_in:
                yield Admit()
                is_in = True
            got = yield from self._attempts()
        except BaseException as error:
            self._lost(error, is_in=is_in)
            raise
        if not isinstance(got, Live):
            core.leave()
        return got

    def _enter(self) -> bool:
        core = self._core
        core.check_budget()
        with core.lock:
            core.retries.earn()
            return core.admission.enter()

    def _attempts(self) -> Steps:
        core, call, trail = self._core, self._call, self._trail
        while True:
            with core.lock:
                choice = choose(core, call, trail)
            if isinstance(choice, Pause):
                self._waited += choice.seconds
                yield Sleep(choice.seconds)
                continue
            got = yield from self._attempt(*choice)
            if got is not None:
                return got

    def _attempt(self, seat: Seat, permit: Permit) -> Steps:
        """Ask one provider; return None where it failed and another try may help."""
        core, call, trail = self._core, self._call, self._trail
        started = core.clock.now()
        try:
            kept = None if seat in call.route.pool else (yield from self._look_up((seat,)))
            if kept is not None:
                core.released(seat, permit)
                return self._hit(kept)
            trail.tries[seat.provider] = trail.tries.get(seat.provider, 0) + 1
            self._tell_failover(seat)
            got = yield self._ask(seat, started)
            took = core.clock.now() - started  # what is read and priced now is not its time
            completion = None if call.stream else self._read(seat, got)
        except Exception as error:  # noqa: BLE001 - a provider may fail in any way
            return self._failed(seat, permit, error, core.clock.now() - started)
        except BaseException:
            core.released(seat, permit)
            self._note(seat, "cancelled", None, core.clock.now() - started)
            raise
        self._note(seat, "ok", None, took)
        if completion is None:
            return Live(seat, permit, got, tuple(trail.attempts))
        core.succeeded(seat, permit, took * 1000)
        return (yield from self._answered(completion))

    def _ask(self, seat: Seat, now: float) -> Ask:
        call = self._call
        body = call.body
        if body.get("model") != seat.model:
            body = {**body, "model": seat.model}
        timeout = min(self._core.policy.retry.attempt_seconds, call.deadline - now)
        return Ask(seat, body, timeout, call.stream)

    def _read(self, seat: Seat, got: Json) -> Completion:
        body = parsed(got)
        text = text_of(body)
        usage = usage_in(body, seat.provider, seat.model)
        return Completion(
            provider=seat.provider,
            model=seat.model,
            text=text,
            usage=usage,
            cost_nanousd=self._core.cost(seat, usage),
            data=json_text(got),
        )

    def _answered(self, completion: Completion) -> Steps:
        core, call = self._core, self._call
        answer = core.answer(
            call,
            completion,
            cache="bypass" if call.is_fresh else "miss",
            attempts=tuple(self._trail.attempts),
        )
        self._is_booked = True
        if core.cache is not None and core.cache.blocks:
            yield Keep(call, completion)
        else:
            core.keep(call, completion)
        return answer

    def _hit(self, kept: Completion) -> object:
        tried = tuple(self._trail.attempts)
        return self._core.answer(self._call, kept, cache="hit", attempts=tried)

    def _look_up(self, seats: tuple[Seat, ...]) -> Steps:
        core, call = self._core, self._call
        if core.cache is not None and core.cache.blocks and not call.is_fresh:
            return (yield LookUp(call, seats))
        return core.kept(call, seats)

    def _failed(self, seat: Seat, permit: Permit, error: Exception, took: float) -> None:
        core, trail = self._core, self._trail
        failure = classify(error, now=core.clock.time())
        core.failed(seat, permit, failure)
        self._note(seat, failure.kind, failure.status, took)
        trail.last = failure
        if failure.is_final:
            self._otherwise(failure)
        elif failure.may_be_retried:
            trail.due[seat.provider] = core.clock.now() + self._wait(seat, failure)
        else:
            trail.out.add(seat.provider)

    def _otherwise(self, failure: Failure) -> None:
        """Go to those who are asked for this reason, or give up."""
        others = self._call.route.otherwise.get(failure.kind)
        if not others or self._trail.otherwise is not None:
            raise failure.error
        self._trail.otherwise = others

    def _wait(self, seat: Seat, failure: Failure) -> float:
        """Return the seconds until the provider is asked again: never less than it said."""
        retry = self._core.policy.retry
        doublings = min(self._trail.tries[seat.provider] - 1, 16)
        most = min(retry.base_seconds * 2**doublings, retry.cap_seconds)
        with self._core.lock:
            jitter = self._core.random.uniform(0, most)
        return max(jitter, failure.retry_after or 0.0)

    def _note(self, seat: Seat, outcome: str, status: int | None, took: float) -> None:
        trail, core = self._trail, self._core
        attempt = Attempt(
            provider=seat.provider,
            model=seat.model,
            number=len(trail.attempts) + 1,
            at_provider=trail.tries.get(seat.provider, 0),
            outcome=str(outcome),
            status=status,
            waited_ms=self._waited * 1000,
            duration_ms=took * 1000,
            reason=self._before(seat),
        )
        self._waited = 0.0
        trail.attempts.append(attempt)
        core.attempted(attempt)

    def _before(self, seat: Seat) -> str | None:
        """Return what the last attempt at a provider came to."""
        if not self._trail.attempts:
            return None
        tried = reversed(self._trail.attempts)
        return next((each.outcome for each in tried if each.provider == seat.provider), None)

    def _tell_failover(self, seat: Seat) -> None:
        trail, pool = self._trail, self._call.route.pool
        if trail.attempts:
            before, why = trail.attempts[-1].provider, trail.attempts[-1].outcome
        elif seat not in pool:
            before = pool[0].provider
            why = pool[0].state.health(self._core.clock.now()).reason or "unavailable"
        else:
            return
        if before != seat.provider:
            self._core.failed_over(before, seat.provider, why)

    def _lost(self, error: BaseException, *, is_in: bool) -> None:
        if is_in:
            self._core.leave()
        if not self._is_booked:
            self._core.lost(self._call, error, tuple(self._trail.attempts))
