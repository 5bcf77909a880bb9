"""respx's router for httpx and httpx2, with routes to providers that are ready.

Importing this package imports respx, which the extra `respx` brings.
"""

from ._answerer import RouteAnswerer
from ._engines import engines, patched
from ._routes import ProviderRoute, Routes

__all__ = ["ProviderRoute", "RouteAnswerer", "Routes", "engines", "patched"]
