"""Changes what is recorded already: for scrubbing and converting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._document import document_of
from .._stored_interaction import StoredInteraction
from ..matching import KeyMaker, Matching
from ._cassette_file import CassetteFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .._recorded import Recorded


def read_recorded(path: Path, *, state: Path | None = None) -> list[Recorded]:
    """Return all interactions of a file, with what a killed process left; raises CassetteError."""
    contents = CassetteFile(path, KeyMaker(Matching()), state).read()
    return [] if contents is None else [entry.recorded for entry in contents.entries]


def rewrite(
    path: Path, change: Callable[[Recorded], Recorded | None], *, state: Path | None = None
) -> int:
    """Put each interaction through `change`, which may return None to drop it; count the changed.

    Those that come back equal stay as they stand in the file; where all do, it is not written.

    Raises:
        CassetteError: the file cannot be read, or is of a form that is not written here.
        OSError: it cannot be written; it is as before.
    """
    return CassetteFile(path, KeyMaker(Matching()), state).rewrite(
        lambda old: _changed(old, change)
    )


def _changed(
    old: StoredInteraction, change: Callable[[Recorded], Recorded | None]
) -> StoredInteraction | None:
    recorded = change(old.recorded)
    if recorded is None:
        return None
    if recorded == old.recorded:
        return old
    document = {**old.document, **document_of(recorded)}
    return StoredInteraction(old.keys, document=document, recorded=recorded)
