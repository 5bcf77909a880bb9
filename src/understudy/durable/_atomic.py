"""Files that are either the old one or the new one, never half of it."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile


def write_atomically(path: Path, data: bytes | str) -> None:
    """Replace the content of `path` in one step; text is written as UTF-8.

    Raises:
        OSError: the folder is missing or read-only, or the disk is full; `path` is as before.
    """
    content = data.encode() if isinstance(data, str) else data
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        draft = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            file.close()
            draft.replace(path)
        except BaseException:
            file.close()
            draft.unlink(missing_ok=True)
            raise
