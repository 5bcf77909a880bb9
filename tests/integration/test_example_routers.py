"""The hand-written router of the examples passes what its adapter says, and nothing else."""

from __future__ import annotations

from test_thin_router import TestThinRouter

__all__ = ["TestThinRouter"]
