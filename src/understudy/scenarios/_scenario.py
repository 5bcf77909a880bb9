"""A scenario: turns of a model, and the branches between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ._condition import Condition
    from ._reply import ScriptedReply


GOLDEN_SUFFIX: Final = ".jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A way to the turn `then`; without a condition it takes every call."""

    then: str
    when: Condition | None = None
    line: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One answer of the model; where nothing is `next`, the scenario ends.

    `attempts` are what the first, second … attempt of the call gets: the faults first, then
    the answer itself.
    """

    name: str
    attempts: tuple[ScriptedReply, ...]
    next: tuple[Branch, ...] = ()
    line: int | None = None

    @property
    def reply(self) -> ScriptedReply:
        """The answer that no fault befalls."""
        return self.attempts[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A script, shared by all who play it. The first branch that matches is taken."""

    name: str
    path: Path
    start: tuple[Branch, ...]
    turns: Mapping[str, Turn]
    description: str | None = None

    @property
    def is_golden(self) -> bool:
        """Whether it is a golden file, which answers every call with the same lines."""
        return self.path.suffix == GOLDEN_SUFFIX

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the turn it starts with: all of them in a golden file."""
        return self.turns[self.start[0].then].reply.lines
