"""What engines tell of their own time, in the answers of ordinary calls."""

from ._read import read_timings
from ._timings import Timings

__all__ = ["Timings", "read_timings"]
