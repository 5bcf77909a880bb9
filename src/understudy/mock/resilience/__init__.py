"""The verdict on the client: does it bear what befalls it?"""

from __future__ import annotations

from ._finding import Finding
from ._judge import judge

__all__ = ["Finding", "judge"]
