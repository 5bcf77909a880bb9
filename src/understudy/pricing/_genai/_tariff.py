"""A model's prices in genai-prices' form, made ready to charge with."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from genai_prices.types import ModelPrice, TieredPrices, Usage

from .._rates import Rate, Rates

if TYPE_CHECKING:
    from .._billed_call import Quantities

#: genai-prices' keys of what `Rates` charges.
_KEYS: Final = MappingProxyType(
    {
        "input": "input_mtok",
        "output": "output_mtok",
        "cache_read": "cache_read_mtok",
        "cache_write": "cache_write_mtok",
        "cache_write_1h": "cache_write_1h_mtok",
        "reasoning": "output_reasoning_mtok",
        "web_search": "web_searches_kcount",
        "file_search": "storage_searches_kcount",
    }
)
_AUDIO: Final = MappingProxyType(
    {"input_audio_tokens": "input_audio_mtok", "output_audio_tokens": "output_audio_mtok"}
)


@dataclass(frozen=True, slots=True)
class Tariff:
    """The prices of one model under one set of terms.

    `factor` multiplies what tokens cost. With `audio_apart`, audio tokens without a price
    of their own have none; otherwise they cost what text does.
    """

    prices: ModelPrice
    rates: Rates
    factor: Decimal = Decimal(1)
    audio_apart: bool = False

    def missing(self, quantities: Quantities) -> str | None:
        """Name what was bought and has no price."""
        kind = self.rates.missing(quantities.tokens)
        if kind:
            return f"{kind} tokens"
        fee = self.rates.unpriced_fee(quantities)
        if fee:
            return fee
        used = (key for unit, key in _AUDIO.items() if quantities.modalities.get(unit))
        if self.audio_apart and any(getattr(self.prices, key) is None for key in used):
            return "audio tokens"
        return None

    def usd(self, quantities: Quantities) -> Decimal:
        """Return what the quantities cost.

        Raises:
            ValueError: the counts contradict each other.
        """
        if quantities.modalities:
            tokens = self._modalities_usd(quantities)
        else:
            tokens = self.rates.tokens_usd(quantities.tokens)
        searches = self.rates.searches_usd(quantities.web_searches, quantities.file_searches)
        return tokens * self.factor + searches

    def _modalities_usd(self, quantities: Quantities) -> Decimal:
        tokens = quantities.tokens
        usage = Usage(
            input_tokens=tokens.input_tokens,
            output_tokens=tokens.output_tokens,
            cache_read_tokens=tokens.cache_read_tokens,
            cache_write_tokens=tokens.cache_write_tokens,
            cache_write_1h_tokens=tokens.cache_write_1h_tokens,
            output_reasoning_tokens=tokens.reasoning_tokens,
            **quantities.modalities,
        )
        return self.prices.calc_price(usage)["total_price"]


def tariff_of(
    prices: ModelPrice, *, factor: Decimal = Decimal(1), audio_apart: bool = False
) -> Tariff:
    """Make the tariff of a model from its prices at one time under one set of terms."""
    rates = {name: _rate(getattr(prices, key)) for name, key in _KEYS.items()}
    return Tariff(prices, Rates(**rates), factor, audio_apart)


def free_tariff(prices: ModelPrice) -> Tariff:
    """Make the tariff of a model that its provider gives away."""
    nothing = Rate(Decimal(0))
    return Tariff(prices, Rates(input=nothing, output=nothing))


def _rate(price: object) -> Rate | None:
    """Take over a flat price, or one that steps up with the length of the input."""
    if isinstance(price, TieredPrices):
        return Rate(price.base, tuple((tier.start, tier.price) for tier in price.tiers))
    return Rate(price) if isinstance(price, Decimal) else None
