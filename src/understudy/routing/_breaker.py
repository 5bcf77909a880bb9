"""A circuit breaker: leaves a provider alone that fails, and tries it with one request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from ._policy import BreakerPolicy

BreakerState: TypeAlias = Literal["closed", "open", "half_open"]


class Permit:
    """The leave to ask a provider once; it is given back once, and belongs to one generation."""

    __slots__ = ("generation", "is_back", "is_probe")

    def __init__(self, generation: int, *, is_probe: bool) -> None:
        self.generation = generation
        self.is_probe = is_probe
        self.is_back = False


class Breaker:
    """Counts failures in a row. It holds no lock and no clock: its owner does.

    Each change of state begins a new generation, and what a request of an older one comes to
    changes nothing. A probe that ends without an outcome, as a request that was cancelled, gives
    its place to the next one.
    """

    __slots__ = ("_failures", "_generation", "_policy", "_probes", "_retry_at", "_trips")

    def __init__(self, policy: BreakerPolicy) -> None:
        self._policy = policy
        self._failures = 0
        self._generation = 0
        self._probes = 0
        self._trips = 0  # in a row
        self._retry_at: float | None = None

    @property
    def failures(self) -> int:
        """The failures in a row."""
        return self._failures

    @property
    def generation(self) -> int:
        """How often the state has changed."""
        return self._generation

    @property
    def is_closed(self) -> bool:
        """Whether all may pass."""
        return self._retry_at is None

    def state(self, now: float) -> BreakerState:
        """Return whether all, none or a probe may pass."""
        if self._retry_at is None:
            return "closed"
        return "open" if now < self._retry_at else "half_open"

    def wait(self, now: float) -> float:
        """Return the seconds until somebody may pass as far as time alone decides."""
        return 0.0 if self._retry_at is None else max(self._retry_at - now, 0.0)

    def allows(self, now: float) -> bool:
        """Tell whether a request may pass now."""
        if self._retry_at is None:
            return True
        return now >= self._retry_at and self._probes < self._policy.probes

    def permit(self, now: float) -> Permit | None:
        """Give leave for one request, None where none may pass."""
        if self._retry_at is None:
            return Permit(self._generation, is_probe=False)
        if not self.allows(now):
            return None
        self._probes += 1
        return Permit(self._generation, is_probe=True)

    def succeeded(self, permit: Permit) -> None:
        """Take back a permit after a success: a probe's closes the breaker."""
        if not self._take_back(permit):
            return
        self._failures = 0
        if permit.is_probe:
            self._trips = 0
            self._retry_at = None
            self._next_generation()

    def failed(self, permit: Permit, now: float) -> bool:
        """Take back a permit after a failure; tell whether that opened the breaker."""
        if not self._take_back(permit):
            return False
        self._failures += 1
        if not permit.is_probe and self._failures < self._policy.failures:
            return False
        self._trips += 1
        first, longest = self._policy.open_seconds, self._policy.longest_seconds
        self._retry_at = now + min(first * self._trips, max(first, longest))
        self._next_generation()
        return True

    def released(self, permit: Permit) -> None:
        """Take back a permit of which nothing was learned."""
        self._take_back(permit)

    def _take_back(self, permit: Permit) -> bool:
        """Count a permit as given back; tell whether it is of this generation."""
        if permit.is_back:
            return False
        permit.is_back = True
        if permit.generation != self._generation:
            return False
        if permit.is_probe:
            self._probes -= 1
        return True

    def _next_generation(self) -> None:
        self._generation += 1
        self._probes = 0
