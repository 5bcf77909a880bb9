"""What the environment and `pyproject.toml` say of the recording of a program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..options import OPTIONS
from ..settings import Given, below

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..telemetry import LifecycleMode


@dataclass(frozen=True, slots=True)
class ProgramSettings:
    """Those options that a program knows, by their environment variables."""

    store: str
    store_content: bool
    lifecycle: LifecycleMode
    sink: tuple[str, ...]


def is_wanted(environment: Mapping[str, str]) -> bool:
    """Tell whether the environment says that calls are recorded.

    Raises:
        SettingsError: it says neither yes nor no.
    """
    return bool(_found("telemetry", environment))


def read_settings(
    environment: Mapping[str, str], *, root: Path, store: str | Path | None
) -> ProgramSettings:
    """Read the environment; `store`, where it is given, outranks it. Paths are below `root`.

    Raises:
        SettingsError: a value cannot be read.
    """
    location = _found("store", environment) if store is None else str(store)
    return ProgramSettings(
        store=below(root, location),
        store_content=_found("store_content", environment),
        lifecycle=_found("lifecycle", environment),
        sink=_found("sink", environment),
    )


def _found(name: str, environment: Mapping[str, str]) -> Any:
    option = next(each for each in OPTIONS if each.name == name)
    return Given({}, environment, {}).find(option).value
