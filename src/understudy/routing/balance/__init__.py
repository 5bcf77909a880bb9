"""How the providers of a model share its requests: one file a strategy."""

from ._balance import BALANCES, Balance, BalanceName, Candidate, Expected, ExpectedMs
from ._by_cost import ByCost
from ._by_load import ByEfficiency, LeastLoaded
from ._weighted import Weighted

__all__ = [
    "BALANCES",
    "Balance",
    "BalanceName",
    "ByCost",
    "ByEfficiency",
    "Candidate",
    "Expected",
    "ExpectedMs",
    "LeastLoaded",
    "Weighted",
]
