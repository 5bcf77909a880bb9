"""What is asked of the sums of answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_ONE: Final = " AND s.component = ?"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose answers are asked for, and whether each day and run stands for itself."""

    component: str | None = None
    by_day: bool = False
    by_run: bool = False

    def parameters(self, *bounds: Any) -> Sequence[Any]:
        """Return what a query with these bounds takes."""
        return bounds if self.component is None else (*bounds, self.component)

    @property
    def condition(self) -> str:
        """What a query asks besides."""
        return "" if self.component is None else _ONE
