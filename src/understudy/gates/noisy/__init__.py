"""The rule for figures that scatter from run to run: wall-clock latency of live calls."""

from ._report import NoisyReport, NoisyVerdict, SuiteShift
from ._rule import NoisyRule
from ._timings import Timings, run_figure

__all__ = ["NoisyReport", "NoisyRule", "NoisyVerdict", "SuiteShift", "Timings", "run_figure"]
