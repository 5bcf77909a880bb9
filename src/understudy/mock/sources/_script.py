"""The turns of a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...scenarios import Conversation, UnmatchedTurn
from .._reply_content import scripted_content
from ._protocol import Declined

if TYPE_CHECKING:
    from ...scenarios import Scenario
    from .._incoming import IncomingCall
    from .._reply_content import ReplyContent


class Script:
    """One conversation with a scenario."""

    gives_vectors = False
    runs_out = True

    def __init__(self, scenario: Scenario) -> None:
        self._conversation = Conversation(scenario)

    def reply_to(self, call: IncomingCall, *, keep: bool) -> ReplyContent | Declined:
        """Give the scenario's answer and go on to its next turn."""
        conversation = self._conversation
        said = call.observed()
        step = conversation.peek(said) if keep else conversation.advance(said)
        return Declined(str(step)) if isinstance(step, UnmatchedTurn) else scripted_content(step)
