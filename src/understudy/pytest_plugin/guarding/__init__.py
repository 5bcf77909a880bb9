"""The network guard in pytest: which tests it guards, and how they fail."""

from __future__ import annotations

from ._begin import begin_guarding
from ._guarding import Guarding
from ._refused_call import RefusedCall

__all__ = ["Guarding", "RefusedCall", "begin_guarding"]
