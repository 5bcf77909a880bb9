"""Distributions of a duration; plain numbers, whose unit is that of their parameters."""

from ._empirical import Empirical
from ._gamma import Gamma
from ._log_normal import LogNormal
from ._normal import Normal
from ._protocol import Distribution
from ._uniform import Uniform

__all__ = ["Distribution", "Empirical", "Gamma", "LogNormal", "Normal", "Uniform"]
