"""What calls cost and will cost, for people and as JSON."""

from ._forecast import budget_line, forecast_as_json, forecast_lines
from ._plot import in_plain
from ._spent import Costs, costs_as_json, costs_lines, costs_of
from ._trends import spend_trends_as_json, spend_trends_lines

__all__ = [
    "Costs",
    "budget_line",
    "costs_as_json",
    "costs_lines",
    "costs_of",
    "forecast_as_json",
    "forecast_lines",
    "in_plain",
    "spend_trends_as_json",
    "spend_trends_lines",
]
