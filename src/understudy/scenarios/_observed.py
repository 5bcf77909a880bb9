"""What the app said, as far as a script may look at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..calls import ToolResult


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedTurn:
    """The current turn of a request: all that the app said since the model last spoke.

    `user_text` and `tool_results` are of that turn alone, and empty where it has none: what
    stands further back in the conversation has been answered. The name of a tool is empty where
    the request does not tell it. `turn` is how many times the
    model has spoken in the request's history.
    """

    model: str = ""
    user_text: str = ""
    tool_results: tuple[ToolResult, ...] = ()
    turn: int = 0
    system_text: str = ""
