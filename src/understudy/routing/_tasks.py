"""Carries out the steps of a request for a task that awaits."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from ._errors import DeadlineError
from ._flights import GIVEN_UP, Landed
from ._live import LiveStream, replayed
from ._opening import DONE, close_async, open_stream_async
from ._pursuit import Pursuit
from ._steps import Admit, Ask, Keep, Live, LookUp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from ._answers import Answer, Piece
    from ._call import Call
    from ._core import Core
    from ._flights import Flight
    from ._provider import AsyncProvider
    from ._steps import Sleep, Steps

    Loop = asyncio.AbstractEventLoop


class Tasks:
    """The front of a router for tasks of asyncio, of any number of loops."""

    def __init__(self, core: Core, providers: Mapping[str, AsyncProvider]) -> None:
        self._core = core
        self._providers = providers

    async def answer(self, call: Call) -> Answer:
        """Return the answer to a request.

        Raises:
            RouterError: there is none.
        """
        core = self._core
        if call.is_fresh or not core.policy.coalesce:
            return await self._pursued(call)
        loop = asyncio.get_running_loop()
        while True:
            waiter: asyncio.Future[Landed] = loop.create_future()
            flight, leads = core.board(call, waiter, partial(_tell, loop, waiter))
            batched = flight.is_boarding
            if leads:
                task = loop.create_task(self._fly(flight, call))
                flight.stop = partial(_from_anywhere, loop, task.cancel)
            landed = await self._wait(flight, call, waiter, counts=not leads)
            if landed.answer is not None and leads:
                return landed.answer
            if landed.error is not None and leads:
                raise landed.error
            if landed.is_over:
                return core.joined(call, landed, batched=batched)

    async def _fly(self, flight: Flight, call: Call) -> None:
        """Answer a request in a task of its own, which its first caller may leave."""
        core, landed = self._core, GIVEN_UP
        try:
            if flight.is_boarding:
                await core.clock.async_sleep(core.policy.window_ms / 1000)
                flight.is_boarding = False
            landed = Landed(await self._pursued(call))
        except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            raise  # others may begin anew
        except BaseException as error:  # noqa: BLE001 - it goes to all who wait
            landed = Landed(error=error)
        finally:
            core.land(flight, landed)

    async def _wait(
        self, flight: Flight, call: Call, waiter: asyncio.Future[Landed], *, counts: bool
    ) -> Landed:
        core = self._core
        try:
            if not counts:
                return await waiter
            async with asyncio.timeout(max(call.deadline - core.clock.now(), 0.0)):
                return await waiter
        except BaseException as error:
            core.get_off(flight, waiter)
            if counts:
                core.count_left(call, batched=False)
            if isinstance(error, TimeoutError):
                msg = "no answer in time from the request that this one had joined"
                raise DeadlineError(msg) from error
            raise

    async def warm(self, call: Call) -> bool:
        """Keep the answer to a request; False where it is kept already."""
        if call.stream:
            answer = [piece.answer async for piece in self.pieces(call)][-1]
        else:
            answer = await self._pursued(call)
        return answer is not None and answer.is_paid

    async def pieces(self, call: Call) -> AsyncIterator[Piece]:
        """Yield the pieces of a streamed answer.

        Raises:
            RouterError: there is none, or it broke off.
        """
        got = await self._drive(Pursuit(self._core, call).run())
        if not isinstance(got, Live):
            for piece in replayed(got):
                yield piece
            return
        live = LiveStream(self._core, call, got)
        try:
            for piece in live.begun():
                yield piece
            while (event := await self._next(live)) != DONE:
                yield live.take(event)
            live.check_whole()
            completion = live.end()
        except Exception as error:
            raise live.broken(error) from error
        except BaseException:
            live.left()
            raise
        finally:
            await close_async(live.source)
        last = live.last(completion)
        if live.may_be_kept():
            await self._carry_out(Keep(call, completion))
        yield last

    async def _next(self, live: LiveStream) -> Any:
        """Return the next event of a stream; its end is DONE, whether it was said or not."""
        if live.is_over:
            return DONE
        async with asyncio.timeout(self._core.policy.retry.stall_seconds):
            return await anext(live.source, DONE)

    async def _pursued(self, call: Call) -> Answer:
        answer: Answer = await self._drive(Pursuit(self._core, call).run())
        return answer

    async def _drive(self, steps: Steps) -> Any:
        """Carry out all steps; return what they come to."""
        try:
            step = next(steps)
            while True:
                try:
                    if isinstance(step, Ask):  # most are: one coroutine less
                        result = await self._ask(step)
                    else:
                        result = await self._carry_out(step)
                except BaseException as error:  # noqa: BLE001 - it is the pursuit's to judge
                    step = steps.throw(error)
                else:
                    step = steps.send(result)
        except StopIteration as end:
            return end.value

    async def _carry_out(self, step: Sleep | Admit | LookUp | Keep) -> Any:
        core = self._core
        if isinstance(step, LookUp):
            return await asyncio.to_thread(core.kept, step.call, step.seats)
        if isinstance(step, Keep):
            if core.cache is not None and core.cache.blocks:
                return await asyncio.to_thread(core.keep, step.call, step.completion)
            return core.keep(step.call, step.completion)
        if isinstance(step, Admit):
            return await self._stand_in_line()
        return await core.clock.async_sleep(step.seconds)

    async def _ask(self, ask: Ask) -> Any:
        provider = self._providers[ask.seat.provider]
        async with asyncio.timeout(ask.timeout):
            if ask.stream:
                return await open_stream_async(provider, ask)
            return await provider.acomplete(ask.body, timeout=ask.timeout)

    async def _stand_in_line(self) -> None:
        core, loop = self._core, asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        core.line_up(turn, partial(_tell, loop, turn, None))
        try:
            async with asyncio.timeout(core.policy.limit.wait_seconds):
                await turn
        except TimeoutError:
            core.check_turn(turn)
        except BaseException:
            core.leave_line(turn)
            raise


def _tell(loop: Loop, waiter: asyncio.Future[Any], told: Any) -> None:
    """Tell a task of any loop what it waits for."""
    _from_anywhere(loop, _set, waiter, told)


def _set(waiter: asyncio.Future[Any], told: Any) -> None:
    if not waiter.done():
        waiter.set_result(told)


def _from_anywhere(loop: Loop, do: Any, *given: Any) -> None:
    """Do something on a loop: now, where it is the one that runs here."""
    if asyncio._get_running_loop() is loop:  # noqa: SLF001 - it is None outside of loops
        do(*given)
        return
    with suppress(RuntimeError):  # a loop that is closed waits for nothing
        loop.call_soon_threadsafe(do, *given)
