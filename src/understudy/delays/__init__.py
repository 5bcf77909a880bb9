"""How long a mocked answer takes: profiles yield durations, and never sleep."""

from ._call import TimedCall, call_seed
from ._load import Load
from ._offsets import due_times, offsets
from ._profile import Profile
from ._profiles import Profiles
from ._protocol import DelayProfile
from ._settings_table import kind_of, read_profiles
from .distributions import Distribution, Empirical, Gamma, LogNormal, Normal, Uniform

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
    "call_seed",
    "due_times",
    "kind_of",
    "offsets",
    "read_profiles",
]
