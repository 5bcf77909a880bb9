"""Cassettes: recorded requests and responses, in vcrpy's files."""

from __future__ import annotations

from ._interaction import Interaction
from ._load import load_interactions

__all__ = ["Interaction", "load_interactions"]
