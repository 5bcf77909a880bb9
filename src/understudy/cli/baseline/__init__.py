"""`understudy baseline`: show, diff, accept, selftest."""

from ._parser import add_parser

__all__ = ["add_parser"]
