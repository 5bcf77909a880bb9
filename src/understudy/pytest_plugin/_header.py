"""The line of pytest's header that says what each option is, and which place said so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..options import OPTIONS
from ..store import redact

if TYPE_CHECKING:
    from ..settings import Settings

_ALWAYS: Final = ("telemetry", "store")


def header(settings: Settings) -> str:
    """Return one line with all options that somebody spoke of, and what they imply."""
    options = (
        f"{option.name}={_shown(getattr(settings, option.name))} ({settings.sources[option.name]})"
        for option in OPTIONS
        if option.name in _ALWAYS or settings.sources[option.name] != "default"
    )
    return f"understudy: {', '.join(options)}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        value = ",".join(value) or None
    return "none" if value is None else redact(str(value))
