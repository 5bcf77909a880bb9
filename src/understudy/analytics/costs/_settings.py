"""The table `[tool.understudy.costs]`: budgets, and the zone of their days."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Final
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ...errors import SettingsError, UnknownNameError, nearest
from ._snapshots import SNAPSHOT_SECONDS, SNAPSHOTS

if TYPE_CHECKING:
    from collections.abc import Mapping

_NANO: Final = 10**9
_MOST_USD: Final = 10**9
_DAY: Final = 86_400
_MOST_SNAPSHOTS: Final = 100_000


def _as_written(value: object) -> object:
    """Read a number as it stands in the file, not as the nearest binary fraction."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        msg = "write a number of USD"
        raise ValueError(msg)  # noqa: TRY004 - pydantic asks for it
    if not value >= 1 / _NANO:
        msg = "write more than 0, at least a billionth of a USD, or leave the budget out"
        raise ValueError(msg)
    return Decimal(str(value))


def _zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(value))
    except (KeyError, ValueError, OSError):
        raise ValueError(_no_zone(str(value))) from None


def _no_zone(name: str) -> str:
    known = available_timezones()
    if not known:
        return "this machine knows no time zones; install the package tzdata"
    near = nearest(name, known)
    guess = f"Did you mean {near!r}?" if near else "Write one such as Europe/Vienna or UTC"
    return f"no time zone is named so. {guess}"


USD = Annotated[Decimal, Field(gt=0, le=_MOST_USD), BeforeValidator(_as_written)]


class CostSettings(BaseModel):
    """The table, read: a budget that is None is not set.

    So many `snapshots` of a gateway's totals are kept, one each `snapshot_seconds`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    daily_usd: USD | None = None
    monthly_usd: USD | None = None
    zone: Annotated[ZoneInfo, BeforeValidator(_zone)] = ZoneInfo("UTC")
    snapshot_seconds: Annotated[int, Field(strict=True, ge=1, le=_DAY)] = SNAPSHOT_SECONDS
    snapshots: Annotated[int, Field(strict=True, ge=2, le=_MOST_SNAPSHOTS)] = SNAPSHOTS

    @property
    def daily_nanousd(self) -> int | None:
        """The budget of a day."""
        return None if self.daily_usd is None else int(self.daily_usd * _NANO)

    @property
    def monthly_nanousd(self) -> int | None:
        """The budget of a month."""
        return None if self.monthly_usd is None else int(self.monthly_usd * _NANO)


def read_costs(table: Mapping[str, Any], *, where: str) -> CostSettings:
    """Read the table, which stands in the file `where`.

    Raises:
        SettingsError: a value cannot be used.
        UnknownNameError: there is no such key.
    """
    place = f"{where}, [tool.understudy.costs]"
    if not isinstance(table, dict):
        msg = f"{place} is no table. Write its settings below that heading."
        raise SettingsError(msg)
    for key in table:
        if key not in CostSettings.model_fields:
            kind = "key"
            raise UnknownNameError(kind, key, CostSettings.model_fields, where=place)
    try:
        return CostSettings(**table)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = str(first["loc"][0])
        what = first["msg"].removeprefix("Value error, ")
        end = "" if what.endswith("?") else "."
        msg = f"{place}: {key} = {table[key]!r}: {what}{end}"
        raise SettingsError(msg) from None
