"""Predictions of output tokens, and the calls that they are for."""

from ._estimates import Estimates, Predictor
from ._scope import EstimateScope

__all__ = ["EstimateScope", "Estimates", "Predictor"]
