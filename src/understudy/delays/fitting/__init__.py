"""Learns a delay profile from what was measured: pure functions over milliseconds."""

from ._fit import LEAST_SAMPLES, Fit, fit_distribution
from ._profile_fit import MeasuredAnswer, MeasuredProfile, ProfileFit, fit_profile

__all__ = [
    "LEAST_SAMPLES",
    "Fit",
    "MeasuredAnswer",
    "MeasuredProfile",
    "ProfileFit",
    "fit_distribution",
    "fit_profile",
]
