"""The profiles that everybody has."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from ._profile import Profile

BUILT_IN: Final = MappingProxyType(
    {
        "instant": Profile(think_ms=0, per_line_ms=0),
        "realistic_l2": Profile(think_ms=300, per_line_ms=200),
        "realistic_l3": Profile(think_ms=1500, per_line_ms=150),
        "slow": Profile(think_ms=3000, per_line_ms=500),
    }
)

#: The timing of recorded answers; whoever knows the cassettes adds it.
RECORDED: Final = "recorded"
RESERVED: Final = frozenset({*BUILT_IN, RECORDED})
