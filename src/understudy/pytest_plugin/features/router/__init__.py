"""Gives a test our router over mock providers: the fixture `llm_router`."""

from ._feature import Routers

__all__ = ["Routers"]
