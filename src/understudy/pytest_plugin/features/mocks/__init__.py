"""Mocks in pytest: which call is answered by which mock."""

from ._active import ActiveMocks, OpenRoutes
from ._mocks import Mocks

__all__ = ["ActiveMocks", "Mocks", "OpenRoutes"]
