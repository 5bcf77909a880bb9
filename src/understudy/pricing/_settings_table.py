"""The table `[tool.understudy.prices]`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..errors import SettingsError, UnknownNameError
from ._registered import Prices

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_TABLE = "tool.understudy.prices"
_UNKNOWN = "extra_forbidden"
_Dollars = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Entry(BaseModel):
    """The prices of one model, in USD per million tokens."""

    model_config = ConfigDict(extra="forbid", strict=True)

    input: _Dollars
    output: _Dollars | None = None
    cache_read: _Dollars | None = None
    cache_write: _Dollars | None = None
    cache_write_1h: _Dollars | None = None


def read_prices(table: object, *, where: str) -> Prices:
    """Read the user's prices, by model; `where` names the file.

    Raises:
        SettingsError: an entry is not a table of prices; names file, model and key.
    """
    if not isinstance(table, Mapping):
        msg = f"{where}: [{_TABLE}] is {table!r}; write a table of models."
        raise SettingsError(msg)
    prices = Prices(_TABLE)
    for model, entry in table.items():
        if not model:
            msg = f"{where}: [{_TABLE}] has an entry without the name of a model."
            raise SettingsError(msg)
        place = f"{where}, [{_TABLE}] {model!r}"
        prices.register(model, **_read_entry(entry, place).model_dump())
    return prices


def _read_entry(entry: object, place: str) -> _Entry:
    try:
        return _Entry.model_validate(entry)
    except ValidationError as error:
        # A key that is misspelt explains the one that is missing.
        details = sorted(error.errors(), key=lambda detail: detail["type"] != _UNKNOWN)
        raise _in_one_line(details[0], place) from None


def _in_one_line(detail: ErrorDetails, place: str) -> SettingsError:
    key = ".".join(map(str, detail["loc"]))
    if detail["type"] == _UNKNOWN:
        return UnknownNameError("key", key, _Entry.model_fields, where=place)
    if not key:
        return SettingsError(f"{place}: write a table, as in {{input = 2.5, output = 10}}.")
    if detail["type"] == "missing":
        return SettingsError(f"{place}: {key!r} is missing; give USD per million tokens.")
    return SettingsError(
        f"{place}: {key} = {detail['input']!r} is no price; give USD per million tokens."
    )
