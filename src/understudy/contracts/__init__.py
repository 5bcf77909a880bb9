"""Suites that what a user builds is held to, and the mocks that they are held against."""

from .mocks import MockProviderError, MockProviderWithErrors, NamedMockProvider, ProviderServer

__all__ = ["MockProviderError", "MockProviderWithErrors", "NamedMockProvider", "ProviderServer"]
