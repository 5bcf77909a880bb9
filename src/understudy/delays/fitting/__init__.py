"""Learns a delay profile from what was measured: pure functions over milliseconds."""

from ._candidates import LEAST_SAMPLES, Fit, fit_distribution
from ._measured import MeasuredAnswer, MeasuredProfile
from ._profile_fit import ProfileFit, fit_profile

__all__ = [
    "LEAST_SAMPLES",
    "Fit",
    "MeasuredAnswer",
    "MeasuredProfile",
    "ProfileFit",
    "fit_distribution",
    "fit_profile",
]
