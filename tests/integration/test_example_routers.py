"""The hand-written router of the examples, in a run of its own: a contract begins one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def test_the_thin_router_keeps_what_it_says(pytester: pytest.Pytester) -> None:
    """What its adapter says is skipped or known to fail, and nothing else."""
    pytester.makepyfile("from test_thin_router import TestThinRouter")

    found = pytester.runpytest_inprocess("-p", "no:cacheprovider").parseoutcomes()

    assert found.keys() == {"passed", "skipped", "xfailed"}
