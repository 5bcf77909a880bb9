"""Whether a provider still answers as it was recorded."""

from __future__ import annotations

from ._compare import Drift, drifts
from ._shape import shape_of

__all__ = ["Drift", "drifts", "shape_of"]
