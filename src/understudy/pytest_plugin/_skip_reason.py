"""Why pytest skipped something."""

from __future__ import annotations

from typing import Final

_SKIPPED: Final = 3


def skip_reason(longrepr: object) -> str:
    """Return why a test or module was skipped: the last of file, line and message."""
    if isinstance(longrepr, tuple) and len(longrepr) == _SKIPPED:
        return str(longrepr[-1]).removeprefix("Skipped: ")
    return ""
