"""Mock providers that a router, or a gateway, is held against."""

from ._errors import MockProviderWithErrors
from ._named import NamedMockProvider
from ._played import Events, MockProviderError
from ._server import ProviderServer

__all__ = [
    "Events",
    "MockProviderError",
    "MockProviderWithErrors",
    "NamedMockProvider",
    "ProviderServer",
]
