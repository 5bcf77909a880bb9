"""Data made from JSON schemas: valid, small, and the same every time."""

from ._sample import sample

__all__ = ["sample"]
