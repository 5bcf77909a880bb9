"""Brings all places together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..errors import SettingsError
from ..options import OPTIONS
from ._given import Found
from ._settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from ._given import Given

_SQLITE: Final = "sqlite:///"
_NEED_TELEMETRY: Final = ("gate", "update_baseline", "budget", "report")
_FOLDERS: Final = ("golden_dir", "baseline")


def resolve(given: Given, *, root: Path) -> Settings:
    """Bring all places together; a relative store, or folder, stands below `root`.

    Raises:
        SettingsError: a value cannot be read, or two of them contradict each other.
    """
    found = {option.name: given.find(option) for option in OPTIONS}
    for name in _NEED_TELEMETRY:
        found["telemetry"] = _implied(found["telemetry"], by=found[name], flag=_flag(name))
    values = {name: each.value for name, each in found.items()}
    _check(values)
    values["store"] = _below(root, values["store"])
    values |= {name: str(root / values[name]) for name in _FOLDERS}
    sources = {name: each.source for name, each in found.items()}
    return Settings(**values, sources=sources)


def _check(values: dict[str, object]) -> None:
    if values["update_baseline"] and values["reason"] is None:
        msg = (
            "--llm-update-baseline needs a reason, for those who review it: add"
            ' --llm-reason="why the figures change".'
        )
        raise SettingsError(msg)


def _implied(telemetry: Found, *, by: Found, flag: str) -> Found:
    is_wanted = by.value is not None and by.value is not False and by.value != ()
    if not is_wanted or telemetry.value or telemetry.rank < by.rank:
        return telemetry
    if telemetry.rank == by.rank:
        msg = (
            f"{flag} needs telemetry, and {telemetry.source} forbids it"
            f" ({by.source} asks for it). Leave one of them out."
        )
        raise SettingsError(msg)
    return Found(True, by.rank, f"implied by {flag} ({by.source})")


def _flag(name: str) -> str:
    return next(option.flag for option in OPTIONS if option.name == name)


def _below(root: Path, store: str) -> str:
    if store.startswith(_SQLITE):
        return f"{_SQLITE}{root / store.removeprefix(_SQLITE)}"
    return store if "://" in store else str(root / store)
