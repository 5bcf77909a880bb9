"""The calls of a recording: figures over all of them, and the newest one by one."""

from __future__ import annotations

from collections import deque
from decimal import Decimal
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

from ..pricing import is_billable, price_call
from ..telemetry import CallLog

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..events import CallEvent
    from ..pricing import PriceBook
    from ..telemetry import AttemptScope, LLMCall, Owner, RecordedCall

#: What was sent and answered is kept up to so many bytes, the newest first.
_MOST_BYTES: Final = 64_000_000
_NANO: Final = 1_000_000_000
_MICRO: Final = Decimal("0.000001")


class _Sum:
    """The cost of attempts, in 1e-9 USD; None once one of them has no price."""

    def __init__(self) -> None:
        self.nanousd: int | None = 0

    def add(self, events: Iterable[CallEvent]) -> None:
        for event in events:
            if self.nanousd is None or not is_billable(event):
                continue
            cost = event.cost_nanousd
            self.nanousd = None if cost is None else self.nanousd + cost


class _Recent:
    """The newest attempts, and what is known of all that are gone. Satisfies `KeptCalls`."""

    def __init__(self, keep: int) -> None:
        self.calls: deque[RecordedCall] = deque()
        self.estimates: Sequence[dict[str, Any]] = ()
        self.count = 0
        self._gone = _Sum()
        self._keep = keep
        self._bytes = 0
        self._seen: dict[str, None] = {}
        self._lock = RLock()

    def take(self, recorded: RecordedCall, prices: PriceBook) -> None:
        """Keep an attempt, and let go of older ones."""
        with self._lock:
            call_id = recorded.fields["call_id"]
            self.count += call_id not in self._seen
            self._seen[call_id] = None
            self.calls.append(recorded)
            self._bytes += _size(recorded)
            while len(self.calls) > 1 and self._is_full():
                self._let_go(self.calls.popleft(), prices)

    def cost(self, prices: PriceBook) -> int | None:
        """Return what all attempts cost, in 1e-9 USD; None where one of them has no price."""
        total = _Sum()
        with self._lock:
            total.nanousd = self._gone.nanousd
            kept = list(self.calls)
        total.add(price_call(each.event, prices) for each in kept)
        return total.nanousd

    def _is_full(self) -> bool:
        return len(self.calls) > self._keep or self._bytes > _MOST_BYTES

    def _let_go(self, recorded: RecordedCall, prices: PriceBook) -> None:
        self._bytes -= _size(recorded)
        self._gone.add([price_call(recorded.event, prices)])
        if len(self._seen) > 2 * self._keep:  # a call that is sent again is known for a while
            self._seen.pop(next(iter(self._seen)))


class RecordedCalls(CallLog):
    """The calls of a recording so far.

    `count` and `total_cost_usd` are of all of them. As a sequence, and in `last` and `by_model`,
    it has the newest ones, as many as the recording keeps. Satisfies `AttemptScope`.

    Attributes:
        run_id: the run that they are of; None where nothing is recorded.
        store: where that is stored, without a password; None as above.
    """

    operation_id = tool_name = None

    def __init__(
        self,
        prices: PriceBook,
        *,
        keep: int,
        run_id: str | None = None,
        store: str | None = None,
        owner: Owner | None = None,
    ) -> None:
        self._recent = _Recent(keep)
        super().__init__(self._recent, prices)
        if owner is not None:
            self._recent.estimates = owner.estimates
        self.run_id = run_id
        self.store = store
        self.outer: AttemptScope | None = None
        self.is_finished = False

    @property
    def is_on(self) -> bool:
        """Whether calls are recorded at all."""
        return self.run_id is not None

    @property
    def count(self) -> int:
        """How many logical calls were made."""
        return self._recent.count

    @property
    def last(self) -> LLMCall:
        """The call that ended last.

        Raises:
            LookupError: there was none yet.
        """
        if not self._recent.calls:
            msg = "this recording has seen no LLM call yet"
            raise LookupError(msg if self.is_on else f"{msg}: it is off")
        return self[-1]

    @property
    def total_cost_usd(self) -> Decimal | None:
        """List price of all attempts in USD, to 6 decimals; None where one of them has no price."""
        cost = self._recent.cost(self._prices)
        return None if cost is None else (Decimal(cost) / _NANO).quantize(_MICRO)

    def attempt_began(self) -> None:
        """Hand it on to whoever is open around."""
        if self.outer is not None:
            self.outer.attempt_began()

    def attempt_ended(self, fields: dict[str, Any]) -> None:
        """Hand it on to whoever is open around."""
        if self.outer is not None:
            self.outer.attempt_ended(fields)

    def attempt_recorded(self, recorded: RecordedCall) -> None:
        """Keep an attempt made inside."""
        self._recent.take(recorded, self._prices)
        if self.outer is not None:
            self.outer.attempt_recorded(recorded)

    def __repr__(self) -> str:
        return f"<RecordedCalls: {self.count} in run {self.run_id}>"


def _size(recorded: RecordedCall) -> int:
    asked = 0 if recorded.request is None else len(recorded.request.body)
    return asked + (0 if recorded.response is None else len(recorded.response.body))
