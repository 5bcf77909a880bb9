"""One thing that somebody should look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

Level: TypeAlias = Literal["info", "warning", "critical"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """`value` has passed `limit`, both in the unit of its kind and subject.

    `kind` says which part of the product it is of, `subject` what it is about; `since` is None
    where nobody knows when it began. `budget` is what a limit of spending is a share of, in USD.
    """

    kind: str
    subject: str
    level: Level
    value: float
    limit: float
    since: datetime | None = None
    budget: float | None = None

    @property
    def is_pressing(self) -> bool:
        """Whether it is more than a note."""
        return self.level != "info"
