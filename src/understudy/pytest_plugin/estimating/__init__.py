"""Predictions by marker, fixture and hook."""

from ._marker import check_estimate, estimate_of
from ._predicting import Predicting
from ._said import Predict, predict_in

__all__ = ["Predict", "Predicting", "check_estimate", "estimate_of", "predict_in"]
