"""A gateway by its URL, over real sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.contracts.thin_gateway import ThinGateway

from understudy.contracts import Gateway, RouterContract, gateway_adapter
from understudy.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contracts import AdapterMaker


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    with ThinGateway() as running:
        yield Gateway(url=running.url, ports=running.ports)


class TestGateway(RouterContract):
    """It hands on what comes."""

    contract_level = 2

    @pytest.fixture
    def adapter(self, gateway: Gateway) -> AdapterMaker:
        """Give it."""
        return gateway_adapter(gateway)


def test_the_url_is_one() -> None:
    """It is refused where it is written."""
    with pytest.raises(SettingsError, match="write one like"):
        gateway_adapter(Gateway(url="localhost:4000", ports={}))
