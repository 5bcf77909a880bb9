"""What may go wrong with an answer, by name."""

from __future__ import annotations

from ._fault import Fault
from ._registry import Faults

__all__ = ["Fault", "Faults"]
