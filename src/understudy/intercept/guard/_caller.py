"""Which line of the application is at work."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import FrameType

#: Files below these folders are nobody's application.
_LIBRARIES: Final = (
    *(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    str(Path(__file__).parents[2]),
    "<",
)


def application_line() -> str | None:
    """Return `file:line in function` of the nearest caller that is no library; None for none."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - `inspect` reads source files
    while frame is not None and frame.f_code.co_filename.startswith(_LIBRARIES):
        frame = frame.f_back
    if frame is None:
        return None
    return f"{frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_qualname}"
