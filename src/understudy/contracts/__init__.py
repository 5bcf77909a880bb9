"""Suites that what a user builds is held to, and the mocks that they are held against."""

from ._adapter import AdapterMaker, Providers, RouterAdapter
from ._answer import Answer, Counters, Piece, RouterRequest
from ._config import BreakerConfig, ModelPrice, RouterConfig
from ._contract import NEWEST_LEVEL, RouterContract
from ._gateway import Gateway, gateway_adapter
from ._lacks import Lacks
from ._own_router import own_blocking_router_adapter, own_router_adapter
from .mocks import MockProviderError, MockProviderWithErrors, NamedMockProvider, ProviderServer

__all__ = [
    "NEWEST_LEVEL",
    "AdapterMaker",
    "Answer",
    "BreakerConfig",
    "Counters",
    "Gateway",
    "Lacks",
    "MockProviderError",
    "MockProviderWithErrors",
    "ModelPrice",
    "NamedMockProvider",
    "Piece",
    "ProviderServer",
    "Providers",
    "RouterAdapter",
    "RouterConfig",
    "RouterContract",
    "RouterRequest",
    "gateway_adapter",
    "own_blocking_router_adapter",
    "own_router_adapter",
]
