"""The line of pytest's header that says what each option is, and which place said so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..settings import OPTIONS
from ..store import redact

if TYPE_CHECKING:
    from ..settings import Settings


def header(settings: Settings) -> str:
    """Return one line with all options."""
    options = (
        f"{option.name}={_shown(getattr(settings, option.name))} ({settings.sources[option.name]})"
        for option in OPTIONS
    )
    return f"understudy: {', '.join(options)}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "none" if value is None else redact(str(value))
