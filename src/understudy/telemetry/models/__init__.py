"""What is known of the models that answer: told by the application, or read off its calls."""

from ._log import ModelLog
from ._run_log import RunModelLog
from ._scopes import LoadScope, ModelTimer, ThoughtScope
from ._timer import TimerStart, measure

__all__ = [
    "LoadScope",
    "ModelLog",
    "ModelTimer",
    "RunModelLog",
    "ThoughtScope",
    "TimerStart",
    "measure",
]
