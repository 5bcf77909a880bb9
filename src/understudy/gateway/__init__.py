"""The endpoint over HTTP, for any language: an ASGI application, and a server for it.

The server is loaded only when it is asked for: it needs the extra `gateway`.
"""

from ._addresses import Addresses
from ._answers import Answers, GatewayCall, MockedTests, PerTest, PlayedTests
from ._app import MOST_BODY_BYTES, Gateway
from ._control import Control
from ._door import Door, read_token
from ._pages import Pages, StorePages, router_page
from ._routed import Routed

__all__ = [
    "MOST_BODY_BYTES",
    "Addresses",
    "Answers",
    "Control",
    "Door",
    "Gateway",
    "GatewayCall",
    "MockedTests",
    "Pages",
    "PerTest",
    "PlayedTests",
    "Routed",
    "StorePages",
    "read_token",
    "router_page",
]
