"""How far predictions are off.

The symmetric mean absolute percentage error of the M3 and M4 competitions (Makridakis and
Hibon, "The M3-Competition", International Journal of Forecasting 16, 2000): from 0 to 200.
"""

from __future__ import annotations


def smape_percent(predicted: float, actual: float) -> float:
    """Return 200 · |predicted - actual| / (|predicted| + |actual|) percent, 0 where both are 0."""
    size = abs(predicted) + abs(actual)
    return 200 * abs(predicted - actual) / size if size else 0.0


def waste_ratio(predicted: float, actual: float) -> float | None:
    """Return predicted / actual, None where nothing was written."""
    return predicted / actual if actual else None


def is_underestimated(predicted: float, actual: float) -> bool:
    """Tell whether more was written than predicted."""
    return actual > predicted
