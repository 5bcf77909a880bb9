"""The memory of the machine, which GPUs without one of their own use."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_FILE: Final = Path("/proc/meminfo")
_KILO: Final = 1024


def machine_memory(file: Path = _FILE) -> tuple[float, float] | None:
    """Return the MB that are available, and those that there are; None where nobody knows."""
    try:
        lines = dict(line.split(":", 1) for line in file.read_text().splitlines() if ":" in line)
        available, total = (
            int(lines[name].split()[0]) / _KILO for name in ("MemAvailable", "MemTotal")
        )
    except (OSError, ValueError, KeyError, IndexError):
        return None
    return available, total
