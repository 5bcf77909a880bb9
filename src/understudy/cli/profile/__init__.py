"""`understudy profile`: learns delay profiles."""

from __future__ import annotations

from ._commands import add_parser

__all__ = ["add_parser"]
