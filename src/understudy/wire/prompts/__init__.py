"""What requests say to the model, whatever the wire API."""

from ._protocol import PromptReader
from ._read import read_prompt

__all__ = ["PromptReader", "read_prompt"]
