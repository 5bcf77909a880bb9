"""How the families of models behind Bedrock's Invoke answer."""

from __future__ import annotations

from ._family_of import family_of
from ._protocol import Family

__all__ = ["Family", "family_of"]
