"""The rule for the accuracy of predictions for live calls: call by call, before and now."""

from ._report import PairedVerdict
from ._rule import PairedRule

__all__ = ["PairedRule", "PairedVerdict"]
