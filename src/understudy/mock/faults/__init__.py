"""What may go wrong with an answer, by name."""

from ._fault import Fault
from ._registry import Faults

__all__ = ["Fault", "Faults"]
