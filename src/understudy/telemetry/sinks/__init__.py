"""Where events go besides the journal."""

from ._logging import LoggingSink
from ._protocol import Sink

__all__ = ["LoggingSink", "Sink"]
