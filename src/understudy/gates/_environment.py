"""The machine that figures were taken on: wall-clock figures of another one do not compare."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

#: Of what goes into a fingerprint; another schema makes other fingerprints.
SCHEMA: Final = 1

_CPU_INFO: Final = Path("/proc/cpuinfo")
_LENGTH: Final = 12


@dataclass(frozen=True, slots=True)
class Environment:
    """What makes a machine fast or slow, as far as it says so; no name, no clock rate."""

    cpu: str
    cores: int
    system: str
    python: str
    schema: int = SCHEMA

    @property
    def fingerprint(self) -> str:
        """A short name that only equal environments share."""
        words = "\n".join(f"{name}={value}" for name, value in sorted(asdict(self).items()))
        return sha256(words.encode()).hexdigest()[:_LENGTH]


def this_environment(cpu_info: Path = _CPU_INFO) -> Environment:
    """Describe the machine that this process runs on."""
    return Environment(
        cpu=_cpu(cpu_info),
        cores=os.cpu_count() or 0,
        system=f"{platform.system()} {platform.machine()}",
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
    )


def _cpu(cpu_info: Path) -> str:
    try:
        lines = cpu_info.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine()
