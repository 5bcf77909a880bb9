"""Brings all places together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..errors import SettingsError
from ..options import OPTIONS, Option
from ._given import Found, Given
from ._settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


_SQLITE: Final = "sqlite:///"


def resolve(given: Given, *, root: Path) -> Settings:
    """Bring all places together; a relative store, or folder, stands below `root`.

    Raises:
        SettingsError: a value cannot be read, or two of them contradict each other.
    """
    found = {option.name: given.find(option) for option in OPTIONS}
    for option in OPTIONS:
        if option.implies_telemetry:
            by = found[option.name]
            found["telemetry"] = _implied(found["telemetry"], by=by, option=option)
    values = {name: each.value for name, each in found.items()}
    _check(values)
    values["store"] = below(root, values["store"])
    values |= {each.name: str(root / values[each.name]) for each in OPTIONS if each.is_path}
    sources = {name: each.source for name, each in found.items()}
    return Settings(**values, sources=sources)


def _check(values: dict[str, object]) -> None:
    if values["update_baseline"] and values["reason"] is None:
        msg = (
            "--llm-update-baseline needs a reason, for those who review it: add"
            ' --llm-reason="why the figures change".'
        )
        raise SettingsError(msg)


def _implied(telemetry: Found, *, by: Found, option: Option) -> Found:
    if by.value == option.default or telemetry.value or telemetry.rank < by.rank:
        return telemetry
    if telemetry.rank == by.rank:
        msg = (
            f"{option.flag} needs telemetry, and {telemetry.source} forbids it"
            f" ({by.source} asks for it). Leave one of them out."
        )
        raise SettingsError(msg)
    return Found(True, by.rank, f"implied by {option.flag} ({by.source})")


def below(root: Path, store: str) -> str:
    """Return where a store is; a relative path, in a URL too, stands below `root`."""
    if store.startswith(_SQLITE):
        return f"{_SQLITE}{root / store.removeprefix(_SQLITE)}"
    return store if "://" in store else str(root / store)
