"""What a reviewer reads of an interaction."""

from __future__ import annotations

from ._view import LlmView

__all__ = ["LlmView"]
