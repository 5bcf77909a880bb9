"""What a router knows of each provider's health, from the requests that it sends there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ._breaker import Breaker
from ._failure import FailureKind

if TYPE_CHECKING:
    from ._breaker import BreakerState, Permit
    from ._failure import Failure
    from ._policy import BreakerPolicy, RetryPolicy

#: How much the newest latency counts.
_NEWEST: Final = 0.2
_MOST_DOUBLINGS: Final = 16


@dataclass(frozen=True, slots=True)
class ProviderHealth:
    """A provider as the router sees it.

    `available_in` are the seconds until it may be asked again, 0 where it may be now; a probe of
    a half-open breaker may be under way then. `latency_ms` is a moving average until the answer
    or the first content, None before the first success and after a breaker has opened. `reason`
    says why it rests.
    """

    provider: str
    state: BreakerState
    failures: int
    in_flight: int
    latency_ms: float | None
    available_in: float
    reason: str | None


class ProviderState:
    """The plain state of one provider. It holds no lock and no clock: the router does."""

    __slots__ = (
        "_refusals", "_rests_until", "_why", "breaker", "in_flight", "is_well", "latency_ms",
        "name", "policy",
    )  # fmt: skip

    def __init__(self, name: str, policy: BreakerPolicy) -> None:
        self.name = name
        self.policy = policy
        self.breaker = Breaker(policy)
        self.in_flight = 0
        self.is_well = True  # nothing is to be asked: it is free
        self.latency_ms: float | None = None
        self._rests_until = 0.0
        self._refusals = 0  # of rate limits, in a row
        self._why: str | None = None

    def is_free(self, now: float) -> bool:
        """Tell whether a request may go there now."""
        if now < self._rests_until:
            return False
        self._rests_until = 0.0
        self.is_well = self.breaker.is_closed
        return self.breaker.allows(now)

    def rests_for(self, now: float) -> float:
        """Return the seconds that the provider itself asked to be left alone, or its key rests."""
        return max(self._rests_until - now, 0.0)

    def free_in(self, now: float) -> float:
        """Return the seconds until a request may go there, as far as time alone decides."""
        return max(self.rests_for(now), self.breaker.wait(now))

    def begin(self, now: float) -> Permit | None:
        """Let a request go there, None where it may not."""
        permit = self.breaker.permit(now) if now >= self._rests_until else None
        if permit is not None:
            self.in_flight += 1
        return permit

    def released(self, permit: Permit) -> None:
        """Take back the permit of a request of which nothing was learned."""
        self.in_flight -= not permit.is_back
        self.breaker.released(permit)

    def succeeded(self, permit: Permit, latency_ms: float) -> None:
        """Take what a request came to that was answered."""
        self.in_flight -= not permit.is_back
        known = self.latency_ms
        self.latency_ms = latency_ms if known is None else known + _NEWEST * (latency_ms - known)
        self._refusals = 0
        self.breaker.succeeded(permit)
        self.is_well = self.breaker.is_closed and not self._rests_until
        self._why = None if self.is_well else self._why

    def failed(self, permit: Permit, failure: Failure, retry: RetryPolicy, now: float) -> bool:
        """Take what a request came to that failed; tell whether the breaker opened."""
        self.in_flight -= not permit.is_back
        if failure.is_sick:
            self.is_well = False
            self._why = str(failure.kind)
            self._rest(failure.retry_after or 0.0, failure, now)
            has_opened = self.breaker.failed(permit, now)
            if has_opened:
                self.latency_ms = None  # when it is back it begins as a new one does
            return has_opened
        if failure.kind is FailureKind.AUTH:
            self._rest(self.policy.bench_seconds, failure, now)
        elif failure.kind is FailureKind.RATE_LIMIT:
            doubled = retry.base_seconds * 2 ** min(self._refusals, _MOST_DOUBLINGS)
            wait, told = min(doubled, retry.cap_seconds), failure.retry_after
            self._refusals += 1
            self._rest(wait if told is None else told, failure, now)
        self.breaker.released(permit)
        return False

    def _rest(self, seconds: float, failure: Failure, now: float) -> None:
        if now + seconds > self._rests_until:
            self.is_well = False
            self._rests_until = now + seconds
            self._why = str(failure.kind)

    def health(self, now: float) -> ProviderHealth:
        """Return what is known."""
        wait = self.free_in(now)
        return ProviderHealth(
            provider=self.name,
            state=self.breaker.state(now),
            failures=self.breaker.failures,
            in_flight=self.in_flight,
            latency_ms=self.latency_ms,
            available_in=wait,
            reason=self._why if wait or not self.breaker.allows(now) else None,
        )
