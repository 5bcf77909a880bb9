"""How long a mocked answer takes: profiles yield durations, and never sleep."""

from ._distributions import Distribution, Empirical, Gamma, LogNormal, Normal, Uniform
from ._due_times import DelayProfile, TimedCall, due_times
from ._profile import Load, Profile
from ._profiles import Profiles
from ._settings_table import kind_of, read_profiles

__all__ = [
    "DelayProfile",
    "Distribution",
    "Empirical",
    "Gamma",
    "Load",
    "LogNormal",
    "Normal",
    "Profile",
    "Profiles",
    "TimedCall",
    "Uniform",
    "due_times",
    "kind_of",
    "read_profiles",
]
