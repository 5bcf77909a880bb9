"""What a scenario answers to one attempt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..calls import ToolCall, Usage


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
