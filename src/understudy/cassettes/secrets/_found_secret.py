"""What a scan found, without the thing itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...errors import CassetteError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class FoundSecret:
    """Something that looks like a secret; `inside` says how it was wrapped there."""

    path: Path
    line: int
    kind: str
    inside: str = ""

    def __str__(self) -> str:
        wrapped = f", {self.inside}" if self.inside else ""
        return f"{self.path}, line {self.line}: looks like a secret ({self.kind}{wrapped})"


class SecretsFoundError(CassetteError):
    """A cassette holds secrets although it was redacted: names their places, not their values."""

    slug = "secrets-found"

    def __init__(self, findings: Sequence[FoundSecret]) -> None:
        self.findings = tuple(findings)
        places = "\n".join(f"  {finding}" for finding in self.findings)
        super().__init__(
            f"secrets were written to a cassette:\n{places}\n"
            "Revoke what is real, run `understudy cassettes scrub` on the file, and name the key or"
            " the pattern in [tool.understudy.cassettes.redaction]."
        )
