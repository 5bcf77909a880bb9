"""One line of a baseline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

#: Stands where a figure is of no model and no clock.
PLAIN: Final = "-"


class Record(NamedTuple):
    """A figure of a test; sorts as it stands in the file.

    `test` is the name inside its module. `of` is the model that the figure is a sum over,
    the clock and pace that it was read with (`virtual:realistic_l3`), or `-`. `value` is in
    the metric's stored unit.
    """

    test: str
    metric: str
    of: str
    value: float

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from the others of its module."""
        return self[:3]


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Who accepted figures, when, on which commit, and why."""

    date: str
    commit: str
    author: str
    reason: str
