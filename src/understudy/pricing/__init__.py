"""What calls cost: the price list of genai-prices, with the user's prices in front."""

from ._billed_call import BilledCall, Quantities, Terms
from ._booking import explain, is_billable, is_unpriced, price_call
from ._calculate import UnknownPriceError, calculate_cost
from ._layers import LayeredPrices, load_price_list, price_book
from ._price import Price, PriceBook, PriceTable
from ._reading import billed_call_of
from ._registered import Prices, read_prices

__all__ = [
    "BilledCall",
    "LayeredPrices",
    "Price",
    "PriceBook",
    "PriceTable",
    "Prices",
    "Quantities",
    "Terms",
    "UnknownPriceError",
    "billed_call_of",
    "calculate_cost",
    "explain",
    "is_billable",
    "is_unpriced",
    "load_price_list",
    "price_book",
    "price_call",
    "read_prices",
]
