"""Something about a cassette that somebody should look at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class ProblemKind(StrEnum):
    """What is wrong."""

    UNREADABLE = "unreadable"
    SECRET = "secret"  # noqa: S105 - a word
    EXPIRED = "expired"
    DUPLICATE = "duplicate"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem and where it is; `text` names file, line or interaction, never a secret.

    One that is `fatal` fails the check, another is only told.
    """

    path: Path
    kind: ProblemKind
    text: str
    fatal: bool
