"""The rule for figures that scatter from run to run: wall-clock latency of live calls."""

from ._comparison import Timings, run_figure
from ._report import NoisyReport, NoisyVerdict, SuiteShift
from ._rule import NoisyRule

__all__ = ["NoisyReport", "NoisyRule", "NoisyVerdict", "SuiteShift", "Timings", "run_figure"]
