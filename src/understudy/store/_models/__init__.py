"""What the store does with model events."""

from ._history import ModelHistory
from ._read import read_models
from ._records import ThoughtBucket
from ._rollups import add_up_models
from ._write import write_models

__all__ = ["ModelHistory", "ThoughtBucket", "add_up_models", "read_models", "write_models"]
