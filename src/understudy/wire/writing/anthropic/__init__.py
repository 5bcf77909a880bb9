"""What Anthropic answers."""

from __future__ import annotations

from ._complete import AnthropicComplete
from ._message import message
from ._messages import AnthropicMessages
from ._stream import content_events, ending_events

__all__ = [
    "WRITERS",
    "AnthropicComplete",
    "AnthropicMessages",
    "content_events",
    "ending_events",
    "message",
]

WRITERS = (AnthropicMessages(), AnthropicComplete())
