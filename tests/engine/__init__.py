"""A real engine: llama.cpp's own server, with a model made on the spot that knows nothing."""

from ._engine import Engine, is_installed

__all__ = ["Engine", "is_installed"]
