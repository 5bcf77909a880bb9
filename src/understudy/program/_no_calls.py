"""What a recording gives that is off; it costs nothing to import."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, NoReturn, overload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..telemetry import LLMCall


class NoCalls:
    """`RecordedCalls` of nothing."""

    is_on: Final = False
    run_id = store = None
    count: Final = 0

    @property
    def total_cost_usd(self) -> Decimal:
        """Nothing costs nothing."""
        return Decimal("0.000000")

    @property
    def last(self) -> NoReturn:
        """There is none.

        Raises:
            LookupError: always.
        """
        msg = "this recording has seen no LLM call: it is off"
        raise LookupError(msg)

    def by_model(self) -> dict[str, list[LLMCall]]:
        """Return nothing."""
        return {}

    def __len__(self) -> int:
        return 0

    @overload
    def __getitem__(self, index: int) -> LLMCall: ...
    @overload
    def __getitem__(self, index: slice) -> list[LLMCall]: ...
    def __getitem__(self, index: int | slice) -> LLMCall | list[LLMCall]:
        none: list[LLMCall] = []
        return none[index]

    def __iter__(self) -> Iterator[LLMCall]:
        return iter(())

    def __repr__(self) -> str:
        return "<RecordedCalls: off>"
