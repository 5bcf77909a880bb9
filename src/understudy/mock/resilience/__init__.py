"""The verdict on the client: does it bear what befalls it?"""

from __future__ import annotations

from ._judge import judge
from ._misbehaviour import ClientMisbehaviour

__all__ = ["ClientMisbehaviour", "judge"]
