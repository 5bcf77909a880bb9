"""The cost of a call from its figures."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

from ..calls import Usage
from ..clock import utc_now
from ..errors import SettingsError
from ._billed_call import BilledCall, Quantities, contradiction_in
from ._layers import LayeredPrices, ListedPrices
from ._price_lists import has_price_list
from ._reading import terms_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from decimal import Decimal

    from ._price import PriceTable


class UnknownPriceError(SettingsError, LookupError):
    """A model has no price: says why, and the nearest models that have one."""

    slug = "unknown-name"

    def __init__(self, model: str, reason: str, nearest: Sequence[str]) -> None:
        self.model = model
        self.nearest = tuple(nearest)
        guess = f" Nearest: {', '.join(nearest)}." if nearest else ""
        super().__init__(
            f"no price for model {model!r}: {reason}.{guess}"
            " Set one under [tool.understudy.prices]."
        )


def calculate_cost(  # noqa: PLR0913 - what an event says of a call, all by keyword
    model: str,
    *,
    input_tokens: int,
    output_tokens: int = 0,
    cache_read_tokens: int = 0,
    cache_write_tokens: int = 0,
    cache_write_1h_tokens: int = 0,
    provider: str | None = None,
    service_tier: str | None = None,
    at: datetime | None = None,
    prices: PriceTable | None = None,
) -> Decimal:
    """Return what a call costs in USD at list price, exact to 1e-9.

    Counts are inclusive, as in an event: `input_tokens` holds cache reads and writes,
    `cache_write_tokens` those of one hour. Without `provider` the model's name decides,
    or a prefix as in `azure/gpt-4o`. `at` is the time of the call, now by default;
    `prices` is asked before the price list.

    Raises:
        UnknownPriceError: there is no price; names the nearest models that have one.
        ValueError: a count is negative, or a part exceeds its whole.
    """
    tokens = Usage(
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cache_read_tokens=cache_read_tokens,
        cache_write_tokens=cache_write_tokens,
        cache_write_1h_tokens=cache_write_1h_tokens,
    )
    _check(tokens)
    maker, name = (provider, model) if provider else _split(model)
    billed = BilledCall(
        models=tuple(dict.fromkeys((model, name))),
        provider=maker,
        wire_api=None,
        quantities=Quantities(tokens),
        terms=terms_of(service_tier, {}, provider=maker),
        at=at or utc_now(),
    )
    listed = ListedPrices()
    price = LayeredPrices(*([prices] if prices else []), listed).price(billed)
    if price.usd is None:
        raise UnknownPriceError(model, price.reason or "", listed.nearest(billed))
    return price.usd


def _split(model: str) -> tuple[str | None, str]:
    """Take the provider off a name such as `azure/gpt-4o`."""
    prefix, _, name = model.partition("/")
    return (prefix, name) if name and has_price_list(prefix) else (None, model)


def _check(tokens: Usage) -> None:
    counts = tuple(count or 0 for count in astuple(tokens))
    if min(counts) < 0:
        msg = f"token counts are at least 0, not {min(counts)}"
        raise ValueError(msg)
    contradiction = contradiction_in(tokens)
    if contradiction:
        raise ValueError(contradiction)
