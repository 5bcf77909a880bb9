"""A call that the script does not foresee."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._observed import ObservedTurn
    from ._scenario import Branch, Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedTurn:
    """No branch after the turn `after` (None: at the start) takes the call.

    `nearest` is the branch with the fewest `differences`; None where the scenario has ended.
    """

    scenario: Scenario
    after: str | None
    nearest: Branch | None = None
    differences: tuple[str, ...] = ()

    def __str__(self) -> str:
        name = f"scenario {self.scenario.name!r}"
        if self.nearest is None:
            return f"{name} has ended with turn {self.after!r}: nothing is next in {self._place()}."
        where = "at its start" if self.after is None else f"after turn {self.after!r}"
        wanted = "; ".join(self.differences)
        return (
            f"{name} foresees no such call {where}. Nearest: turn {self.nearest.then!r}"
            f" ({self._place()}), when {wanted}."
        )

    def _place(self) -> str:
        if self.nearest is not None:
            line = self.nearest.line
        else:
            line = self.scenario.turns[str(self.after)].line
        return f"{self.scenario.path}:{line}"


def unmatched_turn(
    scenario: Scenario,
    after: str | None,
    branches: tuple[Branch, ...],
    said: tuple[ObservedTurn, int],
) -> UnmatchedTurn:
    """Explain why none of the branches, all with conditions, takes the turn that was `said`."""
    told = [
        (branch, branch.when.differences(*said)) for branch in branches if branch.when is not None
    ]
    if not told:
        return UnmatchedTurn(scenario=scenario, after=after)
    nearest, differences = min(told, key=lambda pair: len(pair[1]))
    return UnmatchedTurn(scenario=scenario, after=after, nearest=nearest, differences=differences)
