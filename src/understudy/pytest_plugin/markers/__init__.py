"""Our markers: what pytest shows of them, and what they may hold. PYTEST_DONT_REWRITE.

They are checked when tests are collected, without anything that the tests will need.
"""

from ._markers import check_markers, register_markers

__all__ = ["check_markers", "register_markers"]
