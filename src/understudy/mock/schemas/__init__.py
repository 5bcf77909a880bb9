"""Data made from JSON schemas: valid, small, and the same every time."""

from __future__ import annotations

from ._sample import sample

__all__ = ["sample"]
