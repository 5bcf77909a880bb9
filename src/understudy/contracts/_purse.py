"""What checks against real providers may cost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ._lacks import Lacks, told

if TYPE_CHECKING:
    from ._answer import Answer


class Purse:
    """Pays for the answers of live providers, as long as there is money; `budget` is in USD."""

    def __init__(self, budget: float) -> None:
        self.budget = Decimal(str(budget))
        self.spent = Decimal(0)

    def check(self) -> None:
        """See that something is left.

        Raises:
            Lacks: it is spent.
        """
        if self.spent >= self.budget:
            msg = f"the budget of ${self.budget} is spent"
            raise Lacks(msg)

    def pay(self, answer: Answer) -> None:
        """Pay for an answer; one whose cost nobody knows takes all that is left.

        Raises:
            Lacks: its cost is not told.
        """
        if answer.cost_usd is None:
            self.spent = self.budget
        self.spent += Decimal(str(told(answer.cost_usd, "what a live answer cost")))
