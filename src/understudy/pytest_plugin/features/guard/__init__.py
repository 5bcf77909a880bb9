"""The guard in pytest: which test is guarded, and what it is told of."""

from ._guard import NetworkGuard, RefusedCall, RefusedCalls, dummy_keys

__all__ = ["NetworkGuard", "RefusedCall", "RefusedCalls", "dummy_keys"]
