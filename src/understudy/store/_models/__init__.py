"""What the store does with model events."""

from ._history import ModelHistory
from ._read import read_models
from ._records import ThoughtBucket
from ._rollups import add_up_models
from ._rows import moment_of
from ._write import write_models

__all__ = [
    "ModelHistory",
    "ThoughtBucket",
    "add_up_models",
    "moment_of",
    "read_models",
    "write_models",
]
