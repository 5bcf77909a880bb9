"""The command `understudy`."""

from ._main import main

__all__ = ["main"]
