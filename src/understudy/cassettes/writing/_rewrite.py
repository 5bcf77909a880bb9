"""Changes what is recorded already: for scrubbing and converting."""

from __future__ import annotations

import os
from errno import ENOENT
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import CassetteError
from .._contents import read_contents
from .._document import document_of
from .._stored_interaction import StoredInteraction
from ..matching import KeyMaker, Matching
from ._cassette_file import CassetteFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._interaction import Interaction


def load_interactions(
    path: str | os.PathLike[str], *, state: Path | None = None
) -> list[Interaction]:
    """Return all interactions of a file, in its order.

    Reads vcrpy's YAML and JSON of all versions, gzipped or not, with bodies as text, bytes,
    base64 or structured (`parsed_body`), and HTTP archives. With `state`, the folder for what is
    kept beside cassettes, what a killed process left comes in as when it is opened.

    Raises:
        CassetteError: there is no such file, or it cannot be read; names the file and the line.
    """
    place, keys = Path(path), KeyMaker(Matching())
    read = read_contents(place, keys) if state is None else CassetteFile(place, keys, state).read()
    if read is None:
        msg = f"{path}: cannot be read: {os.strerror(ENOENT)}"
        raise CassetteError(msg)
    return [entry.interaction for entry in read.entries]


def rewrite(
    path: Path, change: Callable[[Interaction], Interaction | None], *, state: Path | None = None
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
    old: StoredInteraction, change: Callable[[Interaction], Interaction | None]
) -> StoredInteraction | None:
    recorded = change(old.interaction)
    if recorded is None:
        return None
    if recorded == old.interaction:
        return old
    document = {**old.document, **document_of(recorded)}
    return StoredInteraction(old.keys, document=document, interaction=recorded)
