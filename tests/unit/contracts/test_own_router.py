"""Routers that keep the whole contract, each in a run of its own: a contract begins one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

OURS = """
import pytest
from understudy.contracts import RouterContract, {maker}

class TestOurs(RouterContract):
    @pytest.fixture
    def adapter(self):
        return {maker}
"""
REFERENCE = """
import pytest
from tests.unit.contracts.reference_router import ReferenceAdapter
from understudy.contracts import RouterContract

class TestReference(RouterContract):
    required = {"cache"}

    @pytest.fixture
    def adapter(self):
        return ReferenceAdapter
"""


def held(pytester: pytest.Pytester, suite: str) -> Mapping[str, int]:
    """Hold a router to the contract; return what became of its checks."""
    pytester.makepyfile(suite)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    return result.parseoutcomes()


def test_ours_keeps_all_of_it(pytester: pytest.Pytester) -> None:
    """As tasks use it."""
    assert held(pytester, OURS.format(maker="own_router_adapter")) == {"passed": 128}


def test_ours_keeps_what_threads_can_see(pytester: pytest.Pytester) -> None:
    """A caller that is blocked cannot leave."""
    found = held(pytester, OURS.format(maker="own_blocking_router_adapter"))
    assert found == {"passed": 123, "skipped": 5}


def test_a_router_of_nobodys_keeps_it(pytester: pytest.Pytester) -> None:
    """The contract asks for nothing that is ours."""
    assert held(pytester, REFERENCE) == {"passed": 128}
