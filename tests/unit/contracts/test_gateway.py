"""A gateway by its URL, over real sockets."""

from __future__ import annotations

import pytest

from understudy.contracts import Gateway, gateway_adapter
from understudy.errors import SettingsError

SUITE = """
import pytest
from tests.unit.contracts.thin_gateway import ThinGateway
from understudy.contracts import Gateway, RouterContract, gateway_adapter

@pytest.fixture(scope="module")
def gateway():
    with ThinGateway() as running:
        yield Gateway(url=running.url + '/v1', ports=running.ports)

class TestGateway(RouterContract):
    contract_level = 2

    @pytest.fixture
    def adapter(self, gateway):
        return gateway_adapter(gateway)
"""


def test_a_gateway_that_hands_on_keeps_what_it_can(pytester: pytest.Pytester) -> None:
    """It neither caches nor counts, so most is lacking; nothing fails."""
    pytester.makepyfile(SUITE)

    found = pytester.runpytest_inprocess("-p", "no:cacheprovider").parseoutcomes()

    assert set(found) == {"passed", "skipped"}
    assert found["passed"] >= 15


def test_the_url_is_one() -> None:
    """It is refused where it is written."""
    with pytest.raises(SettingsError, match="write one like"):
        gateway_adapter(Gateway(url="localhost:4000", ports={}))
