"""Walks a scenario, one call at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..calls import ToolResult
    from ._scenario import Branch, Scenario, ScriptedReply


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedTurn:
    """The current turn of a request: all that the app said since the model last spoke.

    `user_text` and `tool_results` are of that turn alone, and empty where it has none: what
    stands further back in the conversation has been answered. The name of a tool is empty where
    the request does not tell it. `turn` is how many times the model has spoken in the request's
    history.
    """

    model: str = ""
    user_text: str = ""
    tool_results: tuple[ToolResult, ...] = ()
    turn: int = 0
    system_text: str = ""


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
        at = self.nearest or self.scenario.turns[str(self.after)]
        return f"{self.scenario.path}:{at.line}"


@dataclass(frozen=True, slots=True)
class Position:
    """How far a conversation is: the turn that spoke last, as the `number`-th of all.

    `failing` is the call whose attempt met a fault, `attempts` how many it made so far.
    """

    turn: str | None = None
    number: int = 0
    failing: ObservedTurn | None = None
    attempts: int = 0


class Conversation:
    """One conversation with one scenario; safe to use from several threads.

    The same call again after a fault is a retry: it gets the next attempt of its turn. Any
    other call goes on to the next turn.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.position = Position()
        self._lock = Lock()

    def advance(self, observed: ObservedTurn) -> ScriptedReply | UnmatchedTurn:
        """Answer a call and go on; a miss stays where it is."""
        with self._lock:
            step = self._step(observed)
            if isinstance(step, UnmatchedTurn):
                return step
            self.position = step
            return self._reply(step)

    def peek(self, observed: ObservedTurn) -> ScriptedReply | UnmatchedTurn:
        """Return what `advance` would, and stay."""
        step = self._step(observed)
        return step if isinstance(step, UnmatchedTurn) else self._reply(step)

    def _step(self, observed: ObservedTurn) -> Position | UnmatchedTurn:
        """Find the position after a call, or the branch that comes nearest."""
        scenario, position, after = self.scenario, self.position, self.position.turn
        if after is not None and position.failing == observed:
            return self._arrive(after, position.number, observed, position.attempts)
        number = position.number + 1
        numbered = replace(observed, turn=number)
        branches = scenario.start if after is None else scenario.turns[after].next
        for branch in branches:
            if branch.when is None or branch.when.holds(numbered):
                return self._arrive(branch.then, number, observed, 0)
        explained = ((each, each.when.differences(numbered)) for each in branches if each.when)
        nearest, found = min(explained, key=lambda pair: len(pair[1]), default=(None, ()))
        return UnmatchedTurn(scenario=scenario, after=after, nearest=nearest, differences=found)

    def _arrive(self, turn: str, number: int, observed: ObservedTurn, attempts: int) -> Position:
        """Make the position of one more attempt of a turn."""
        is_last = attempts + 1 == len(self.scenario.turns[turn].attempts)
        return Position(turn, number, None if is_last else observed, attempts + 1)

    def _reply(self, position: Position) -> ScriptedReply:
        return self.scenario.turns[str(position.turn)].attempts[position.attempts - 1]
