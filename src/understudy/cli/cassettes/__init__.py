"""`understudy cassettes`: looks after recorded traffic."""

from ._commands import add_parser
from ._context import STATE, cassette_files

__all__ = ["STATE", "add_parser", "cassette_files"]
