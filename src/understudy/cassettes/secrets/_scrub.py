"""Cleans a cassette that was recorded before, by whomever."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .._cassette_file import load_interactions, rewrite
from .._interaction import Interaction, recorded_at

if TYPE_CHECKING:
    from pathlib import Path

    from ._redactor import SecretsRedactor


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """What was, or would be, taken out of a file: how many interactions change, counts by kind."""

    path: Path
    changed: int
    counts: Counter[str]


def scrub(
    path: Path, redactor: SecretsRedactor, *, state: Path | None = None, check: bool = False
) -> Scrubbed:
    """Take the secrets out of a file, in one step; with `check`, only tell what would change.

    Raises:
        CassetteError: the file cannot be read, or is of a form that is not written here.
        OSError: it cannot be written; it is as before.
    """
    counts: Counter[str] = Counter()

    def clean(recorded: Interaction) -> Interaction:
        # The header that tells when it was recorded goes; the moment stays.
        clean = redactor.recorded(recorded, counts)
        moment = recorded_at(recorded)
        if moment is None or recorded_at(clean) == moment:
            return clean
        return Interaction(clean.request, replace(clean.response, recorded_at=moment))

    if check:
        changed = sum(clean(each) != each for each in load_interactions(path, state=state))
    else:
        changed = rewrite(path, clean, state=state)
    return Scrubbed(path, changed, counts)
