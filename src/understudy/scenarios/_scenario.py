"""A scenario: turns of a model, and the branches between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..calls import ToolCall, Usage
    from .conditions import Condition


def split_lines(text: str) -> tuple[str, ...]:
    r"""Cut after each `\n`, which stays; other separators that Unicode knows are text."""
    *whole, rest = text.split("\n")
    lines = [f"{line}\n" for line in whole]
    return (*lines, rest) if rest else tuple(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedReply:
    """One answer, in no provider's words.

    `lines` and `thinking` keep their newlines. `usage` None, or a count of it, is for whoever
    plays the reply to count. `finish_reason` None follows from the reply. `profile` None is
    the profile of the run. `fault` names what befalls this attempt; None is nothing.
    """

    scenario: str
    turn: str
    lines: tuple[str, ...] = ()
    thinking: tuple[str, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    usage: Usage | None = None
    finish_reason: str | None = None
    profile: str | None = None
    fault: str | None = None


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
