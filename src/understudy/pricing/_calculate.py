"""The cost of a call from its figures."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

from ..calls import Usage
from ..clock import utc_now
from ._errors import UnknownPriceError
from ._layers import LayeredPrices
from ._listed import ListedPrices
from ._purchase import Purchase, Quantities, contradiction_in
from ._sellers import is_seller
from ._terms import terms_of

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from ._protocol import PriceTable


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
    seller, name = (provider, model) if provider else _split(model)
    purchase = Purchase(
        models=tuple(dict.fromkeys((model, name))),
        provider=seller,
        wire_api=None,
        quantities=Quantities(tokens),
        terms=terms_of(service_tier, {}),
        at=at or utc_now(),
    )
    listed = ListedPrices()
    price = LayeredPrices(*([prices] if prices else []), listed).price(purchase)
    if price.usd is None:
        raise UnknownPriceError(model, price.reason or "", listed.nearest(purchase))
    return price.usd


def _split(model: str) -> tuple[str | None, str]:
    """Take the provider off a name such as `azure/gpt-4o`."""
    prefix, _, name = model.partition("/")
    return (prefix, name) if name and is_seller(prefix) else (None, model)


def _check(tokens: Usage) -> None:
    counts = tuple(count or 0 for count in astuple(tokens))
    if min(counts) < 0:
        msg = f"token counts are at least 0, not {min(counts)}"
        raise ValueError(msg)
    contradiction = contradiction_in(tokens)
    if contradiction:
        raise ValueError(contradiction)
