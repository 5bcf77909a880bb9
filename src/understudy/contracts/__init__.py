"""Test suites for implementations of our Protocols; subclass one and run it with pytest."""

from ._store import StoreContract

__all__ = ["StoreContract"]
