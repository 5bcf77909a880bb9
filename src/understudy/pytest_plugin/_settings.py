"""Brings options, environment and pytest's settings together, and says what came of them."""

from __future__ import annotations

import os
from typing import Any, Final

import pytest

from ..errors import SettingsError, printable
from ..options import OPTIONS
from ..settings import Given, Settings, resolve

#: What the header always says.
_ALWAYS: Final = ("telemetry", "store")


def settings_of(config: pytest.Config) -> Settings:
    """Return what the user asked for, our own tables apart.

    Raises:
        pytest.UsageError: a value cannot be read, or two of them contradict each other.
    """
    names = [option.setting for option in OPTIONS]
    try:
        given = Given(
            command_line={name: config.getoption(name, default=None) for name in names},
            environment=os.environ,
            configuration={name: _setting(config, name) for name in names},
        )
        settings = resolve(given, root=config.rootpath)
        if settings.sources["store"] != "default":
            _check_store(settings.store)
    except SettingsError as error:
        raise pytest.UsageError(str(error)) from error
    return settings


def header(settings: Settings) -> list[str]:
    """Return a line for each option that somebody spoke of, and for what they imply."""
    first, *others = (
        f"{option.name}={_shown(getattr(settings, option.name))} ({settings.sources[option.name]})"
        for option in OPTIONS
        if option.name in _ALWAYS or settings.sources[option.name] != "default"
    )
    return [f"understudy: {first}", *(f"  {each}" for each in others)]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        value = ",".join(value) or None
    from ..redaction import without_keys  # noqa: PLC0415 - only who asks for the header pays
    from ..store import redact  # noqa: PLC0415 - as above

    return "none" if value is None else printable(without_keys(redact(str(value))))


def _check_store(location: str) -> None:
    """Refuse a store that makes no sense, also while nothing is stored in it."""
    from ..store import parse_location  # noqa: PLC0415 - only who names a store pays for it

    parse_location(location)


def _setting(config: pytest.Config, name: str) -> Any:
    try:
        return config.getini(name)
    except (ValueError, TypeError, pytest.UsageError) as error:
        words = str(error)
        raise SettingsError(words if name in words else f"{name}: {words}") from error
