"""Rates of one model, and what tokens cost at them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..calls import Usage
    from ._billed_call import Quantities

_PER_MILLION = Decimal("1e-6")
_PER_THOUSAND = Decimal("1e-3")


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate, and the ones that replace it for all tokens above an input length.

    `steps` are (input tokens, rate), ascending: the highest one exceeded applies.
    """

    base: Decimal
    steps: tuple[tuple[int, Decimal], ...] = ()

    def at(self, input_tokens: int) -> Decimal:
        """Return the rate for a call of `input_tokens` in all."""
        exceeded = [rate for start, rate in self.steps if input_tokens > start]
        return exceeded[-1] if exceeded else self.base


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """USD per million tokens, and per thousand searches of the web and of files.

    A kind of token without a rate of its own is charged as the kind that it is part of:
    cached tokens as input, one-hour cache writes as cache writes, reasoning as output.
    """

    input: Rate | None
    output: Rate | None = None
    cache_read: Rate | None = None
    cache_write: Rate | None = None
    cache_write_1h: Rate | None = None
    reasoning: Rate | None = None
    web_search: Rate | None = None
    file_search: Rate | None = None

    def missing(self, tokens: Usage) -> str | None:
        """Name the kind of token that was used and has no rate."""
        if tokens.input_tokens and self.input is None:
            return "input"
        if tokens.output_tokens and self.output is None:
            return "output"
        return None

    def tokens_usd(self, tokens: Usage) -> Decimal:
        """Return the USD that inclusive token counts cost; unknown parts count as none."""
        length = tokens.input_tokens or 0
        total = Decimal(0)
        for count, rate in self._lines(tokens):
            if count and rate is not None:
                total += count * rate.at(length)
        return total * _PER_MILLION

    def unpriced_fee(self, bought: Quantities) -> str | None:
        """Name what was charged beside tokens and has no rate."""
        if bought.other_fees:
            return bought.other_fees[0]
        if bought.web_searches and self.web_search is None:
            return "web searches"
        return "file searches" if bought.file_searches and self.file_search is None else None

    def searches_usd(self, web: int, files: int = 0) -> Decimal:
        """Return the USD that searches of the web and of files cost."""
        counts = ((web, self.web_search), (files, self.file_search))
        charged = (count * rate.base for count, rate in counts if rate is not None)
        return sum(charged, Decimal(0)) * _PER_THOUSAND

    def _lines(self, tokens: Usage) -> tuple[tuple[int, Rate | None], ...]:
        read, written = tokens.cache_read_tokens or 0, tokens.cache_write_tokens or 0
        long = tokens.cache_write_1h_tokens or 0
        reasoning = tokens.reasoning_tokens or 0 if self.reasoning else 0
        cache_write = self.cache_write or self.input
        return (
            ((tokens.input_tokens or 0) - read - written, self.input),
            (read, self.cache_read or self.input),
            (written - long, cache_write),
            (long, self.cache_write_1h or cache_write),
            ((tokens.output_tokens or 0) - reasoning, self.output),
            (reasoning, self.reasoning),
        )
