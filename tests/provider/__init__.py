"""A fake provider on loopback that speaks the wire APIs of the common SDKs."""

from __future__ import annotations

from ._play import Play
from ._server import Provider, Received

__all__ = ["Play", "Provider", "Received"]
