"""What is built in and registered, for commands: found once, when one first asks."""

from __future__ import annotations

from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ..analytics.costs import CostSettings
    from ..calls import Exchange
    from ..events import CallEvent
    from ..extensions import Extensions
    from ..mock import MockLibrary
    from ..wire import WireApis

_PYPROJECT: Final = Path("pyproject.toml")


class LazyExtensions:
    """Asks the entry points, and `pyproject.toml` of the working directory, on first use."""

    @cached_property
    def found(self) -> Extensions:
        """Everything that is built in or registered.

        Raises:
            SettingsError: a table is wrong.
            RegistrationError: a plugin's hook failed.
        """
        from ..extensions import find_extensions  # noqa: PLC0415 - brings pytest, for the hooks

        return find_extensions((), pyproject=_PYPROJECT)

    @cached_property
    def materials(self) -> MockLibrary:
        """What mocks may play.

        Raises:
            SettingsError: the table of profiles is wrong.
            RegistrationError: a plugin's hook failed.
        """
        from ..extensions import find_mock_library  # noqa: PLC0415 - as above

        return find_mock_library(self.found, Path("golden"), pyproject=_PYPROJECT)

    def profiles(self) -> tuple[str, ...]:
        """Return the names of delay profiles."""
        return (*self.materials.profiles.names, "recorded")

    def faults(self) -> tuple[str, ...]:
        """Return the names of faults."""
        return self.materials.faults.names

    def apis(self) -> WireApis:
        """Return the wire APIs."""
        return self.found.apis

    def costs(self) -> CostSettings:
        """Return budgets and their zone.

        Raises:
            SettingsError: the table of costs is wrong.
        """
        from ..analytics.costs import read_costs  # noqa: PLC0415 - slow to import
        from ..settings import read_table  # noqa: PLC0415 - as above

        table = read_table(_PYPROJECT).get("costs", {})
        return read_costs(table, where=str(_PYPROJECT))

    def price(self, exchange: Exchange) -> float | None:
        """Return what a call cost in USD, as of today; None where nobody knows it."""
        if exchange.operation is None or exchange.usage_raw is None:
            return None
        from ..events import usd  # noqa: PLC0415 - slow to import
        from ..pricing import price_call  # noqa: PLC0415 - as above

        cost = price_call(_event_of(exchange), self.found.prices).cost_nanousd
        return None if cost is None else float(usd(cost))


def _event_of(exchange: Exchange) -> CallEvent:
    from ..calls import Usage  # noqa: PLC0415 - slow to import
    from ..clock import utc_now  # noqa: PLC0415 - as above
    from ..events import CallEvent, new_id  # noqa: PLC0415 - as above

    return CallEvent(
        event_id=new_id(),
        call_id=new_id(),
        ts=utc_now(),
        provider=exchange.provider,
        wire_api=exchange.wire_api,
        operation=exchange.operation,
        request_model=exchange.request_model,
        response_model=exchange.response_model,
        stream=exchange.stream,
        usage_source="provider",
        usage_raw=None if exchange.usage_raw is None else dict(exchange.usage_raw),
        service_tier=exchange.service_tier,
        reported_cost_usd=exchange.reported_cost_usd,
        http_status=exchange.status,
        **asdict(exchange.usage or Usage()),
    )
