"""What calls cost: the price list of genai-prices, with the user's prices in front."""

from ._booking import explain, is_billable, is_unpriced, price_call
from ._calculate import calculate_cost
from ._errors import UnknownPriceError
from ._layers import LayeredPrices, price_book
from ._price import Price
from ._protocol import PriceBook, PriceTable
from ._purchase import Purchase, Quantities, Terms
from ._reading import purchase_of
from ._registered import Prices
from ._settings_table import read_prices

__all__ = [
    "LayeredPrices",
    "Price",
    "PriceBook",
    "PriceTable",
    "Prices",
    "Purchase",
    "Quantities",
    "Terms",
    "UnknownPriceError",
    "calculate_cost",
    "explain",
    "is_billable",
    "is_unpriced",
    "price_book",
    "price_call",
    "purchase_of",
    "read_prices",
]
