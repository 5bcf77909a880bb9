"""What `llm_calls` and `recording` give: calls that were made, to look at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol, overload

from ..events import CallEvent, TokenEstimate, settle
from ..pricing import PriceBook, is_billable, price_call

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from ..calls import ToolCall
    from ._owner import RecordedCall


@dataclass(frozen=True, slots=True)
class LLMCall:
    """One logical call. Its figures are in `event`, the event of the last attempt.

    What was asked and answered stands in memory only, never in the store.
    """

    attempts: tuple[CallEvent, ...]
    _last: RecordedCall
    _predicted: Mapping[str, Any] | None = None

    @property
    def estimate(self) -> TokenEstimate | None:
        """What was predicted, and what the call came to; None where nobody predicted it."""
        if self._predicted is None:
            return None
        return settle(TokenEstimate.model_validate(self._predicted), self.attempts)

    @property
    def event(self) -> CallEvent:
        """The event of the last attempt, priced."""
        return self.attempts[-1]

    @property
    def cost_usd(self) -> Decimal | None:
        """List price of all attempts in USD, to 6 decimals; None where one of them has no price."""
        return _total_cost_usd(self.attempts)

    @property
    def messages(self) -> list[Any]:
        """What was sent: `messages`, `input` or `contents`, as the wire API has it."""
        return self._sent("messages", "input", "contents", "prompt")

    @property
    def tools(self) -> list[Any]:
        """The tools that the request offered, as the wire API has them."""
        return self._sent("tools")

    @property
    def text(self) -> str | None:
        """The text of the answer; None where there was none."""
        exchange = self._last.read()
        return None if exchange is None else exchange.text

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """The tool calls that the answer asked for."""
        exchange = self._last.read()
        return () if exchange is None else exchange.tool_calls

    def _sent(self, *names: str) -> list[Any]:
        request = self._last.request
        try:
            document = json.loads(request.body) if request is not None else {}
        except ValueError:
            return []
        if not isinstance(document, dict):
            return []
        value: Any = next((document[name] for name in names if name in document), [])
        return value if isinstance(value, list) else [value]


class KeptCalls(Protocol):
    """Whoever keeps attempts, and what was predicted of their calls: a test, as an owner."""

    @property
    def calls(self) -> Collection[RecordedCall]:
        """The attempts, in the order in which they ended."""

    @property
    def estimates(self) -> Collection[Mapping[str, Any]]:
        """The predictions."""


class CallLog:
    """The logical calls of a test so far, in the order in which they ended: a sequence."""

    def __init__(self, kept: KeptCalls, prices: PriceBook) -> None:
        self._kept = kept
        self._prices = prices

    @property
    def count(self) -> int:
        """How many logical calls were made."""
        return len(self)

    @property
    def last(self) -> LLMCall:
        """The call that ended last.

        Raises:
            LookupError: the test has made no call yet.
        """
        if not self._kept.calls:
            msg = "this test has made no LLM call yet that understudy has seen"
            raise LookupError(msg)
        return self[-1]

    @property
    def total_cost_usd(self) -> Decimal | None:
        """List price of all attempts in USD, to 6 decimals; None where one of them has no price."""
        return _total_cost_usd(event for call in self for event in call.attempts)

    def by_model(self) -> dict[str, list[LLMCall]]:
        """Return the calls by the model that answered, or was asked for."""
        models: dict[str, list[LLMCall]] = {}
        for call in self:
            models.setdefault(call.event.model or "unknown", []).append(call)
        return models

    def __len__(self) -> int:
        return len({recorded.fields["call_id"] for recorded in list(self._kept.calls)})

    @overload
    def __getitem__(self, index: int) -> LLMCall: ...
    @overload
    def __getitem__(self, index: slice) -> list[LLMCall]: ...
    def __getitem__(self, index: int | slice) -> LLMCall | list[LLMCall]:
        return self._calls()[index]

    def __iter__(self) -> Iterator[LLMCall]:
        return iter(self._calls())

    def _calls(self) -> list[LLMCall]:
        by_id: dict[str, list[RecordedCall]] = {}
        for recorded in list(self._kept.calls):
            by_id.setdefault(recorded.fields["call_id"], []).append(recorded)
        predicted = {each["call_id"]: each for each in list(self._kept.estimates)}
        return [self._call(attempts, predicted.get(call_id)) for call_id, attempts in by_id.items()]

    def _call(self, attempts: list[RecordedCall], predicted: Mapping[str, Any] | None) -> LLMCall:
        events = tuple(price_call(each.event, self._prices) for each in attempts)
        return LLMCall(events, attempts[-1], predicted)


def _total_cost_usd(events: Iterable[CallEvent]) -> Decimal | None:
    costs = [event.cost_nanousd for event in events if is_billable(event)]
    known = [cost for cost in costs if cost is not None]
    if len(known) < len(costs):
        return None
    return (Decimal(sum(known)) / 1_000_000_000).quantize(Decimal("0.000001"))
