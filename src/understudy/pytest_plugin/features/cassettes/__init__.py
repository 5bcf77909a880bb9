"""Cassettes in pytest: which test has which, in which mode, and how the test fails of it."""

from ._cassettes import Cassettes

__all__ = ["Cassettes"]
