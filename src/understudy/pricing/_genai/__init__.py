"""Prices from genai-prices: the only place that knows it."""

from ._table import GenaiPrices

__all__ = ["GenaiPrices"]
