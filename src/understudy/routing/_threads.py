"""Carries out the steps of a request for a thread that waits."""

from __future__ import annotations

from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any

from ._errors import DeadlineError, RouterConfigError
from ._flights import GIVEN_UP, Landed
from ._live import LiveStream, replayed
from ._opening import DONE, close, open_stream
from ._pursuit import Pursuit
from ._steps import Admit, Ask, Keep, Live, LookUp

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ._answers import Answer, Piece
    from ._call import Call
    from ._core import Core
    from ._flights import Flight
    from ._provider import Provider
    from ._steps import Step, Steps


class Threads:
    """The front of a router for threads; it needs no event loop."""

    def __init__(self, core: Core, providers: Mapping[str, Provider]) -> None:
        self._core = core
        self._providers = providers

    def answer(self, call: Call) -> Answer:
        """Return the answer to a request.

        Raises:
            RouterError: there is none.
        """
        core = self._core
        if call.is_fresh or not core.policy.coalesce:
            return self._pursued(call)
        while True:
            led = core.lead(call)
            if led is not None:
                return self._lead(led, call)
            waiter: Future[Landed] = Future()
            flight = core.join(call, waiter, waiter.set_result)
            if flight is None:
                continue
            batched = flight.is_boarding
            landed = self._wait(flight, call, waiter, batched=batched)
            if landed.is_over:
                return core.joined(call, landed, batched=batched)

    def _lead(self, flight: Flight, call: Call) -> Answer:
        """Answer a request in this thread, and all that join it meanwhile."""
        core, landed = self._core, GIVEN_UP
        try:
            if flight.is_boarding:
                core.clock.sleep(core.policy.window_ms / 1000)
                flight.is_boarding = False
            answer = self._pursued(call)
        except Exception as error:
            landed = Landed(error=error)
            raise
        else:
            landed = Landed(answer)
            return answer
        finally:
            core.land(flight, landed)

    def _wait(self, flight: Flight, call: Call, waiter: Future[Landed], *, batched: bool) -> Landed:
        core = self._core
        try:
            return waiter.result(timeout=max(call.deadline - core.clock.now(), 0.0))
        except BaseException as error:
            core.get_off(flight, waiter)
            core.count_left(call, batched=batched)
            if isinstance(error, TimeoutError):
                msg = "no answer in time from the request that this one had joined"
                raise DeadlineError(msg) from error
            raise

    def warm(self, call: Call) -> bool:
        """Keep the answer to a request; False where it is kept already."""
        if call.stream:
            answer = [piece.answer for piece in self.pieces(call)][-1]
        else:
            answer = self._pursued(call)
        return answer is not None and answer.is_paid

    def pieces(self, call: Call) -> Iterator[Piece]:
        """Yield the pieces of a streamed answer.

        Raises:
            RouterError: there is none, or it broke off.
        """
        got = self._drive(Pursuit(self._core, call).run())
        if not isinstance(got, Live):
            yield from replayed(got)
            return
        live = LiveStream(self._core, call, got)
        try:
            yield from live.begun()
            yield from self._rest(live)
            completion = live.end()
        except Exception as error:
            raise live.broken(error) from error
        except BaseException:
            live.left()
            raise
        finally:
            close(live.source)
        last = live.last(completion)
        if live.may_be_kept():
            self._core.keep(call, completion)
        yield last

    def _rest(self, live: LiveStream) -> Iterator[Piece]:
        if not live.is_over:
            for event in live.source:
                if event == DONE:
                    break
                yield live.take(event)
        live.check_whole()

    def _pursued(self, call: Call) -> Answer:
        answer: Answer = self._drive(Pursuit(self._core, call).run())
        return answer

    def _drive(self, steps: Steps) -> Any:
        """Carry out all steps; return what they come to."""
        try:
            step = next(steps)
            while True:
                try:
                    result = self._carry_out(step)
                except BaseException as error:  # noqa: BLE001 - it is the pursuit's to judge
                    step = steps.throw(error)
                else:
                    step = steps.send(result)
        except StopIteration as end:
            return end.value

    def _carry_out(self, step: Step) -> Any:
        core = self._core
        if isinstance(step, Ask):
            return self._ask(step)
        if isinstance(step, LookUp):
            return core.kept(step.call, step.seats)
        if isinstance(step, Keep):
            return core.keep(step.call, step.completion)
        if isinstance(step, Admit):
            return self._stand_in_line()
        return core.clock.sleep(step.seconds)

    def _ask(self, ask: Ask) -> Any:
        provider = self._providers.get(ask.seat.provider)
        if provider is None:
            msg = (
                f"the provider {ask.seat.provider!r} can only be awaited: ask the router by"
                " acomplete or astream, or give the provider complete and stream."
            )
            raise RouterConfigError(msg)
        if ask.stream:
            return open_stream(provider, ask)
        return provider.complete(ask.body, timeout=ask.timeout)

    def _stand_in_line(self) -> None:
        core, turn = self._core, Future[None]()
        core.line_up(turn, partial(turn.set_result, None))
        try:
            turn.result(timeout=core.policy.limit.wait_seconds)
        except TimeoutError:
            core.check_turn(turn)
        except BaseException:
            core.leave_line(turn)
            raise
