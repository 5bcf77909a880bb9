"""Statistics without numpy: pure functions over numbers."""

from ._quantiles import quantile

__all__ = ["quantile"]
