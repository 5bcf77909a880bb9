"""Whom to ask next: the decision between two attempts."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Final, NamedTuple

from ._errors import AllFailedError, DeadlineError, NoHealthyProviderError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ._answers import Attempt
    from ._breaker import Permit
    from ._call import Call
    from ._core import Core
    from ._failure import Failure
    from ._routes import Seat


#: Loops wake up that much too early.
_TICK: Final = 0.001


class Chosen(NamedTuple):
    """Ask this one now."""

    seat: Seat
    permit: Permit


class Pause(NamedTuple):
    """Wait first."""

    seconds: float


@dataclass(slots=True)
class Trail:
    """What happened to a request so far."""

    attempts: list[Attempt] = field(default_factory=list)
    tries: dict[str, int] = field(default_factory=dict)
    due: dict[str, float] = field(default_factory=dict)  # when a provider may be asked again
    out: set[str] = field(default_factory=set)  # who is not to be asked again
    last: Failure | None = None
    otherwise: tuple[Seat, ...] | None = None

    def tiers(self, call: Call) -> Iterator[tuple[Seat, ...]]:
        """Yield who may be asked, those first who are to be asked first."""
        if self.otherwise is not None:
            yield from ((seat,) for seat in self.otherwise)
            return
        yield call.route.pool
        yield from ((seat,) for seat in call.route.order)


def choose(core: Core, call: Call, trail: Trail) -> Chosen | Pause:
    """Decide, under the router's lock.

    Nobody waits while there is one that is healthy and was not asked; nobody is asked before it
    wants to be; a retry is paid from the budget.

    Raises:
        AllFailedError: there is nobody to ask, now or before the deadline.
    """
    now = core.clock.now()
    if now >= call.deadline - _TICK:
        raise _over(
            call, trail, DeadlineError, f"no answer within {call.deadline - call.started:g} s"
        )
    for tier in trail.tiers(call):
        free: Sequence[Seat] = [s for s in tier if s.state.is_well or s.state.is_free(now)]
        if len(free) == len(tier):
            free = tier  # it is hashed faster than made anew
        if trail.tries:
            free = [s for s in free if s.provider not in trail.tries]
        if free:
            return _take(_picked(core, call, free), now)
    return _ask_again(core, call, trail, now)


def _picked(core: Core, call: Call, free: Sequence[Seat]) -> Seat:
    if len(free) == 1:
        return free[0]
    return free[core.balance.pick(call.route.name, free, call.expected())]


def _take(seat: Seat, now: float) -> Chosen:
    permit = seat.state.begin(now)
    assert permit is not None, f"{seat.provider} was free a moment ago"
    return Chosen(seat, permit)


def _ask_again(core: Core, call: Call, trail: Trail, now: float) -> Chosen | Pause:
    seats = [seat for tier in trail.tiers(call) for seat in tier]
    waits = [(_wait(core, trail, seat, now), place) for place, seat in enumerate(seats)]
    wait, place = min(waits, default=(inf, 0))
    if wait == inf:
        raise _nobody(call, trail, seats, now)
    seat = seats[place]
    if now + wait >= call.deadline:
        msg = f"{seat.provider} is to be asked in {wait:g} s, which is past the deadline"
        raise _over(call, trail, AllFailedError, msg, retry_after=wait)
    if seat.provider in trail.tries and core.retries.left < 1:
        raise _over(call, trail, AllFailedError, "the budget of retries is spent")
    if wait > 0:
        return Pause(wait)
    if seat.provider in trail.tries:
        core.retries.spend()
    return _take(seat, now)


def _wait(core: Core, trail: Trail, seat: Seat, now: float) -> float:
    """Return the seconds until a provider may be asked (again); inf where it may not."""
    name, state = seat.provider, seat.state
    if name in trail.out or trail.tries.get(name, 0) > core.policy.retry.retries:
        return inf
    if not state.breaker.allows(now):
        return inf
    return max(state.rests_for(now), trail.due.get(name, now) - now)


def _nobody(call: Call, trail: Trail, seats: list[Seat], now: float) -> AllFailedError:
    if trail.attempts:
        return _over(call, trail, AllFailedError, "nobody else is to be asked")
    told = [seat.state.health(now) for seat in seats]
    states = ", ".join(
        f"{each.provider} is {each.state} ({each.reason or 'a probe is under way'},"
        f" {each.available_in:.1f} s to go)"
        for each in told
    )
    msg = f"no provider of {call.route.asked_model!r} may be asked now: {states}."
    soonest = min((each.available_in for each in told), default=None)
    return NoHealthyProviderError(msg, status=503, retry_after=soonest)


def _over(
    call: Call,
    trail: Trail,
    sort: type[AllFailedError],
    why: str,
    *,
    retry_after: float | None = None,
) -> AllFailedError:
    tried = "; ".join(
        f"{each.provider}: {each.outcome}{f' ({each.status})' if each.status else ''}"
        for each in trail.attempts
    )
    last = trail.last
    said = f" The last one said: {last.error}" if last is not None else ""
    msg = f"no answer for {call.route.asked_model!r}: {why}. Tried: {tried or 'nobody'}.{said}"
    error = sort(
        msg,
        attempts=tuple(trail.attempts),
        status=last.status if last is not None else None,
        retry_after=retry_after if retry_after is not None or last is None else last.retry_after,
    )
    error.__cause__ = None if last is None else last.error
    return error
