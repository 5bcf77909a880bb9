"""Walks a scenario, one call at a time."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from ._unmatched_turn import UnmatchedTurn, unmatched_turn

if TYPE_CHECKING:
    from ._observed import ObservedTurn
    from ._reply import ScriptedReply
    from ._scenario import Scenario


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
            step = _step(self.scenario, self.position, observed)
            if isinstance(step, UnmatchedTurn):
                return step
            self.position = step
            return _reply(self.scenario, step)

    def peek(self, observed: ObservedTurn) -> ScriptedReply | UnmatchedTurn:
        """Return what `advance` would, and stay."""
        step = _step(self.scenario, self.position, observed)
        return step if isinstance(step, UnmatchedTurn) else _reply(self.scenario, step)


def _step(
    scenario: Scenario, position: Position, observed: ObservedTurn
) -> Position | UnmatchedTurn:
    """Find the position after a call."""
    if position.turn is not None and position.failing == observed:
        return _arrive(scenario, position.turn, position.number, observed, position.attempts)
    after = position.turn
    branches = scenario.start if after is None else scenario.turns[after].next
    number = position.number + 1
    for branch in branches:
        if branch.when is None or branch.when.holds(observed, number):
            return _arrive(scenario, branch.then, number, observed, 0)
    return unmatched_turn(scenario, after, branches, (observed, number))


def _arrive(
    scenario: Scenario, turn: str, number: int, observed: ObservedTurn, attempts: int
) -> Position:
    """Make the position of one more attempt of a turn."""
    is_last = attempts + 1 == len(scenario.turns[turn].attempts)
    return Position(turn, number, None if is_last else observed, attempts + 1)


def _reply(scenario: Scenario, position: Position) -> ScriptedReply:
    return scenario.turns[str(position.turn)].attempts[position.attempts - 1]
